/// Reads a table's rows as examples of a task.
struct ExampleReader {
  let task: TaskDefinition
  private(set) var table: TableReader
  /// The number of rows skipped because they are incomplete.
  private(set) var skipped = 0
  private let classes: [String: Int]

  /// The maximum length of a label in bytes.
  static let maximumLabelLength = 1000

  /// Opens a file.
  ///
  /// - Throws: ``TableError`` or ``TaskError`` when a column is missing, or `FileError`.
  init(_ file: DataFile, task: TaskDefinition) throws {
    self.task = task
    classes = Dictionary(task.labels.enumerated().map { ($1, $0) }) { first, _ in first }
    table = try TableReader(path: file.path, content: file.content, header: file.header)
    guard table.format != .txt else { throw TaskError.plainLines(file: file.path) }
    try table.select([task.columns.text, task.columns.label] + (task.columns.textPair.map { [$0] } ?? []))
  }

  /// Returns the next row that is not skipped, after checking its texts; `nil` at the end.
  mutating func next() throws -> TableRow? {
    while let row = try table.next() {
      // Official files may have more fields than columns. In your own data this means an extra tab, which shifts the label.
      if task.folder == nil, let fields = row.fieldCount, fields > table.columns.count { throw table.longRow(row) }
      if isSkipped(row) {
        skipped += 1
        continue
      }
      _ = try table.text(row, 0)
      if task.columns.textPair != nil { _ = try table.text(row, 2) }
      return row
    }
    return nil
  }

  /// Moves to a row that was read before, by its ``TableRow/offset``.
  mutating func move(to offset: Int) throws { try table.move(to: offset) }

  /// Whether a row is not an example: in official files, a row without a consensus label; in your own data, a row of empty
  /// fields, such as spreadsheets leave at the end.
  private func isSkipped(_ row: TableRow) -> Bool {
    guard task.layout.skipsIncomplete else { return task.folder == nil && row.isBlank }
    guard let label = row.values[1].text, label != "-", label != "" else { return true }
    if let fields = row.fieldCount { return fields != table.columns.count }
    return row.values.contains { $0.text == nil }
  }

  /// Returns a row's label as written.
  ///
  /// - Throws: ``TableError`` or ``TaskError`` for a list, an object, a missing label, or one that is too long.
  func label(_ row: TableRow) throws -> String {
    let column = task.columns.label
    if row.values[1] == .list {
      throw TaskError.multiLabel(file: table.name, line: row.line, column: column)
    }
    let label = try table.text(row, 1)
    guard !isWrittenList(label) else { throw TaskError.multiLabel(file: table.name, line: row.line, column: column) }
    guard label.utf8.count <= Self.maximumLabelLength else {
      throw TaskError.longLabel(file: table.name, line: row.line, column: column, limit: Self.maximumLabelLength)
    }
    return label
  }

  /// Whether a label is a list in Python or JSON notation, such as `['a', 'b']` or `[0, 1]`.
  private func isWrittenList(_ label: String) -> Bool {
    guard label.hasPrefix("["), label.hasSuffix("]"), label.count > 2 else { return false }
    return label.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false).allSatisfy { part in
      let item = part.drop { $0 == " " }
      return Double(item) != nil || item.hasPrefix("'") || item.hasPrefix("\"")
    }
  }

  /// Returns a row's target.
  ///
  /// - Throws: ``TaskError`` for an unknown label, or, in regression, for a value that is not a number in the task's range.
  func target(_ row: TableRow) throws -> Target {
    let written = try label(row)
    guard task.isRegression else {
      guard let label = classes[written] else {
        throw TaskError.unknownLabel(file: table.name, line: row.line, label: written, expected: task.labels)
      }
      return .label(label)
    }
    guard let number = Double(written), task.layout.numbers?.contains(number) ?? true else {
      throw TaskError.noNumber(file: table.name, line: row.line, text: written, range: task.layout.numbers)
    }
    return .value(Float(number))
  }

  /// Returns a row as an example.
  func example(_ row: TableRow) throws -> Example {
    Example(
      text: try table.text(row, 0), pair: task.columns.textPair == nil ? nil : try table.text(row, 2),
      target: try target(row))
  }
}
