import GraftObjectives
import GraftSupport

/// Reads a table's rows as examples of a task.
struct ExampleReader {
  private let files: TaskFiles
  private(set) var table: TableReader
  /// The number of rows skipped because they are incomplete.
  private(set) var skipped = 0

  /// The maximum length of a label in bytes.
  static let maximumLabelLength = 1000

  /// Opens a file.
  ///
  /// - Throws: ``TableError`` or ``TaskError`` when a column is missing, or `FileError`.
  init(_ file: DataFile, of files: TaskFiles) throws {
    self.files = files
    table = try TableReader(path: file.path, content: file.content, header: file.header)
    guard table.format != .txt else { throw TaskError.plainLines(file: file.path) }
    let columns = files.columns
    try table.select([columns.text, columns.label] + (columns.textPair.map { [$0] } ?? []))
  }

  /// Returns the next row that is not skipped, after checking its texts; `nil` at the end.
  mutating func next() throws -> TableRow? {
    while let row = try table.next() {
      // Official files may have more fields than columns. In your own data this means an extra tab, which shifts the label.
      if files.folder == nil, let fields = row.fieldCount, fields > table.columns.count { throw table.longRow(row) }
      if isSkipped(row) {
        skipped += 1
        continue
      }
      _ = try table.text(row, 0)
      if files.columns.textPair != nil { _ = try table.text(row, 2) }
      return row
    }
    return nil
  }

  /// Moves to a row that was read before, by its ``TableRow/offset``.
  mutating func move(to offset: Int) throws { try table.move(to: offset) }

  /// Whether a row is not an example: in official files, a row without a consensus label; in your own data, a row of empty
  /// fields, such as spreadsheets leave at the end.
  private func isSkipped(_ row: TableRow) -> Bool {
    guard files.skipsIncomplete else { return files.folder == nil && row.isBlank }
    guard let label = row.values[1].text, label != "-", label != "" else { return true }
    if let fields = row.fieldCount { return fields != table.columns.count }
    return row.values.contains { $0.text == nil }
  }

  /// Returns the field with a row's target.
  ///
  /// - Throws: ``TableError`` or ``TaskError`` for an object, a list of other things than texts and numbers, a missing field, or a
  ///   label that is too long.
  func field(_ row: TableRow) throws -> TargetField {
    let field: TargetField
    switch row.values[1] {
    case .list(let items?): field = TargetField(list: items)
    case .list(nil):
      throw TaskError.target(
        file: table.name, line: row.line,
        reason:
          "the list in \(quoted(files.columns.label)) contains a list, an object, or null; expected texts, numbers, "
          + "true, or false")
    default: field = TargetField(try table.text(row, 1))
    }
    guard (field.list ?? [field.text ?? ""]).allSatisfy({ $0.utf8.count <= Self.maximumLabelLength }) else {
      throw TaskError.longLabel(
        file: table.name, line: row.line, column: files.columns.label, limit: Self.maximumLabelLength)
    }
    return field
  }

  /// Returns a row's target.
  ///
  /// - Throws: ``TaskError`` if the row has no target of the objective.
  func target(_ row: TableRow, _ objective: any Objective) throws -> Target {
    let field = try field(row)
    return try explaining(row) { () throws(TargetError) in try objective.target(field) }
  }

  /// Returns the labels of a row whose labels are not known yet.
  ///
  /// - Throws: ``TaskError`` if the row can't have a target of the objective.
  func labels(_ row: TableRow, _ objective: any Objective.Type) throws -> [String] {
    let field = try field(row)
    return try explaining(row) { () throws(TargetError) in try objective.labels(in: field) }
  }

  private func explaining<Result>(_ row: TableRow, _ body: () throws(TargetError) -> Result) throws -> Result {
    do { return try body() } catch {
      throw TaskError.target(file: table.name, line: row.line, reason: error.reason)
    }
  }

  /// Returns a row as an example.
  func example(_ row: TableRow, _ objective: any Objective) throws -> Example {
    Example(
      text: try table.text(row, 0), pair: files.columns.textPair == nil ? nil : try table.text(row, 2),
      target: try target(row, objective))
  }
}
