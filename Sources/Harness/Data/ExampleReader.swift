/// Reads a table's rows as examples of a task.
struct ExampleReader {
  let task: TaskDefinition
  private(set) var table: TableReader
  /// Rows that were left out because they lack something.
  private(set) var skipped = 0
  private let classes: [String: Int]

  /// The bytes that a label can have.
  static let longestLabel = 1000

  /// Opens a file.
  ///
  /// - Throws: ``TaskError`` when it lacks a column, or `FileError`.
  init(_ file: DataFile, task: TaskDefinition) throws {
    self.task = task
    classes = Dictionary(task.labels.enumerated().map { ($1, $0) }) { first, _ in first }
    table = try TableReader(path: file.path, header: file.header)
    guard table.format != .txt else { throw TaskError.plainLines(file: file.path) }
    try table.select([task.columns.text, task.columns.label] + (task.columns.textPair.map { [$0] } ?? []))
  }

  /// The next row that counts, with its texts and label checked; `nil` at the end.
  mutating func next() throws -> TableRow? {
    while let row = try table.next() {
      // Official files may have more fields than columns; in your own data that is a tab too many, which moves the label.
      if task.folder == nil, let fields = row.fieldCount, fields > table.columns.count { throw table.longRow(row) }
      if isLeftOut(row) {
        skipped += 1
        continue
      }
      _ = try table.text(row, 0)
      if task.columns.textPair != nil { _ = try table.text(row, 2) }
      return row
    }
    return nil
  }

  /// Continues at a row that was read before.
  mutating func move(to offset: Int) throws { try table.move(to: offset) }

  /// Whether a row is no example: of official files, one without a label that people agreed on; of your own, one whose
  /// fields are all empty, as spreadsheets leave them at the end.
  private func isLeftOut(_ row: TableRow) -> Bool {
    guard task.layout.skipsIncomplete else { return task.folder == nil && row.isBlank }
    guard let label = row.values[1].text, label != "-", label != "" else { return true }
    if let fields = row.fieldCount { return fields != table.columns.count }
    return row.values.contains { $0.text == nil }
  }

  /// A row's label as it is written.
  ///
  /// - Throws: ``TaskError`` for a list, an object, or no label.
  func label(_ row: TableRow) throws -> String {
    let column = task.columns.label
    if row.values[1] == .list {
      throw TaskError.multiLabel(file: table.name, line: row.line, column: column)
    }
    let label = try table.text(row, 1)
    guard !isWrittenList(label) else { throw TaskError.multiLabel(file: table.name, line: row.line, column: column) }
    guard label.utf8.count <= Self.longestLabel else {
      throw TaskError.longLabel(file: table.name, line: row.line, column: column, limit: Self.longestLabel)
    }
    return label
  }

  /// Whether a label is a list in the notation of Python or JSON, as tables of text hold it: `['a', 'b']`, `[0, 1]`.
  private func isWrittenList(_ label: String) -> Bool {
    guard label.hasPrefix("["), label.hasSuffix("]"), label.count > 2 else { return false }
    return label.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false).allSatisfy { part in
      let item = part.drop { $0 == " " }
      return Double(item) != nil || item.hasPrefix("'") || item.hasPrefix("\"")
    }
  }

  /// What a row teaches.
  ///
  /// - Throws: ``TaskError`` for a label that is none of the task's, or is not a number where one is learnt.
  func target(_ row: TableRow) throws -> Target {
    let written = try label(row)
    guard task.isRegression else {
      guard let known = classes[written] else {
        throw TaskError.unknownLabel(file: table.name, line: row.line, label: written, expected: task.labels)
      }
      return .label(known)
    }
    guard let number = Double(written), task.layout.numbers?.contains(number) ?? true else {
      throw TaskError.noNumber(file: table.name, line: row.line, text: written, range: task.layout.numbers)
    }
    return .value(Float(number))
  }

  /// A row as an example.
  func example(_ row: TableRow) throws -> Example {
    Example(
      text: try table.text(row, 0), pair: task.columns.textPair == nil ? nil : try table.text(row, 2),
      target: try target(row))
  }
}
