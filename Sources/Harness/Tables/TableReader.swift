import GraftSupport

/// Reads the rows of a file or standard input one by one: TSV, CSV, JSON, or plain lines of text.
///
/// Memory use does not depend on the number of rows: only one record and the bytes read after it are kept.
struct TableReader {
  /// The name of the input in messages.
  let name: String
  /// The format.
  let format: TableFormat
  /// The column names, in the order of the file; for JSON, the keys of the first object. A name may be empty, as in the index
  /// column that pandas writes.
  let columns: [String]

  private var window: ByteWindow
  private var framing: any RecordFraming
  private var line = 1
  private var rowCount = 0
  /// The columns whose values are read.
  private(set) var selectedColumns: [(place: Int, name: String)] = []
  /// The field separator of CSV.
  let separator: UInt8

  /// The maximum number of columns of a table.
  static let maximumColumns = 1000
  /// The maximum size of a record in bytes: 1 MiB.
  static let maximumRecordSize = 1 << 20
  /// The name of the only column of plain lines.
  static let lineColumn = "text"

  /// Opens a file, and reads its header or the keys of its first object.
  ///
  /// - Parameters:
  ///   - path: A file.
  ///   - format: The format; `nil` chooses it by the file's extension.
  ///   - header: The columns of a TSV file that has no header.
  ///   - content: The content of the file, if it is in memory; `nil` reads the file.
  /// - Throws: `FileError`, or ``TableError`` with file and line.
  init(path: String, content: [UInt8]? = nil, format: TableFormat? = nil, header: [String]? = nil) throws {
    guard let format = format ?? TableFormat.of(path) else {
      if let kind = ForeignFormat.of(path) { throw TableError.foreignFormat(file: path, kind) }
      throw TableError.unknownFormat(file: path)
    }
    let source = try content.map { ByteSource(name: path, content: $0) } ?? ByteSource(path: path)
    try self.init(source, format: format, header: header)
  }

  /// Opens an input. Blocks until the header or the first object has arrived; for plain lines, until the first bytes have.
  init(_ source: ByteSource, format: TableFormat, header: [String]? = nil) throws {
    name = source.name
    self.format = format
    window = ByteWindow(source)
    framing =
      format == .csv ? CSVFraming() : LineFraming(hasHeader: format == .tsv && header == nil)
    var opening = TableOpening(name: source.name, window: window, framing: framing)
    try opening.checkEncoding()
    (columns, separator) = try opening.columns(format, header: header)
    window = opening.window
    framing = opening.framing
    line = opening.line
    guard columns.count <= Self.maximumColumns else {
      throw TableError.tooManyColumns(file: name, limit: Self.maximumColumns)
    }
    if let duplicate = firstDuplicate(in: columns.filter { !$0.isEmpty }) {
      throw TableError.duplicateColumn(file: name, column: duplicate)
    }
  }

  /// Selects the columns whose values are read from now on.
  ///
  /// - Throws: ``TableError/missingColumn(file:column:found:hint:)`` with the nearest name, or an error that describes what
  ///   the file contains instead.
  mutating func select(_ names: [String]) throws {
    selectedColumns = try names.map { name in
      // Prefer the exact name, then one that differs only in its Unicode normalization.
      let exact = columns.firstIndex { ExactText($0) == ExactText(name) }
      guard let place = exact ?? columns.firstIndex(of: name) else {
        if format.isJSON { try rejectWholeTable() }
        throw TableError.missingColumn(
          file: self.name, column: name, found: columns, hint: .of(columns, format: format, separator: separator))
      }
      return (place, columns[place])
    }
    if format.isJSON { try rejectNestedFirstRow() }
  }

  /// The result of reading one step further.
  enum Step {
    /// A row.
    case row(TableRow)
    /// No complete record is available in a pipe yet.
    case pending
    /// The end of the input.
    case end
  }

  /// Returns the next row, or `nil` at the end.
  mutating func next() throws -> TableRow? { if case .row(let row) = try step() { row } else { nil } }

  /// Reads the next row.
  ///
  /// - Parameter waits: Whether to wait for input from a pipe.
  /// - Throws: `FileError`, or ``TableError`` with file and line.
  mutating func step(waits: Bool = true) throws -> Step {
    while true {
      let place = FilePlace(file: name, line: line)
      guard
        let frame = try framing.next(
          in: window.bytes, from: window.start, isEnd: window.hasEnded, place: place)
      else {
        if window.hasEnded {
          guard rowCount > 0 || format == .txt else { throw TableError.empty(file: name) }
          return .end
        }
        guard window.count < Self.maximumRecordSize else { throw tooLong(line) }
        guard waits || window.isReady else { return .pending }
        try window.fill()
        continue
      }
      let first = FilePlace(file: name, line: line + frame.linesBefore)
      guard frame.content.count <= Self.maximumRecordSize else { throw tooLong(first.line) }
      let offset = window.offset + frame.content.lowerBound - window.start
      let row = try window.withBytes(frame.content) { try parsed($0, at: first, offset: offset) }
      window.use(upTo: frame.end)
      line += frame.lines
      guard let row else { continue }
      rowCount += 1
      return .row(row)
    }
  }

  /// Moves to a row that was read before, by its ``TableRow/offset``.
  mutating func move(to offset: Int) throws {
    try window.move(to: offset)
    framing.restart()
    rowCount = max(rowCount, 1)
  }

  private func tooLong(_ line: Int) -> TableError {
    if (framing as? CSVFraming)?.isQuoted == true {
      return .openQuote(file: name, line: line, limit: Self.maximumRecordSize)
    }
    return .longRecord(file: name, line: line, limit: Self.maximumRecordSize)
  }

  /// Parses a record.
  ///
  /// - Returns: The row; `nil` for an empty line.
  private func parsed(_ record: UnsafeRawBufferPointer, at place: FilePlace, offset: Int) throws -> TableRow? {
    guard format == .txt || !record.isEmpty else { return nil }
    try checkText(record, at: place)
    var fields = FieldCollector(places: selectedColumns.map(\.place))
    switch format {
    case .txt: fields.add(record)
    case .tsv: fields.addTabbed(record)
    case .csv: try fields.addCSV(record, separator: separator, place: place)
    case .json, .jsonl:
      guard record.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { return nil }
      let values = try jsonValues(record, at: place)
      return TableRow(
        line: place.line, offset: offset, values: values, fieldCount: nil, isBlank: false, hasCarriageReturn: false)
    }
    let row = TableRow(
      line: place.line, offset: offset, values: fields.values, fieldCount: fields.count, isBlank: fields.isBlank,
      hasCarriageReturn: record.place(of: UInt8(ascii: "\r")) != nil)
    // CSV fields can be quoted, so more fields than columns are an error in any file.
    if format == .csv, fields.count > columns.count { throw longRow(row) }
    return row
  }

  private func jsonValues(_ record: UnsafeRawBufferPointer, at place: FilePlace) throws -> [TableValue] {
    var reader = JSONReader(record, path: name)
    var values = [TableValue](repeating: .missing, count: selectedColumns.count)
    var count = 0
    do {
      try reader.object(names: .differInBytes) { reader, key in
        count += 1
        guard count <= Self.maximumColumns else {
          throw TableError.tooManyColumns(file: name, limit: Self.maximumColumns)
        }
        guard let index = selectedColumns.firstIndex(where: { ExactText($0.name) == ExactText(key) }) else {
          return try reader.skipValue()
        }
        values[index] = try reader.tableValue()
      }
      reader.skipSpace()
      guard reader.next == nil else { throw reader.unexpected("the end of the line") }
    } catch let error as JSONError {
      throw TableError.notJSON(file: name, line: place.line, reason: error.explanation)
    }
    return values
  }
}

// MARK: - Errors

extension TableReader {
  private func checkText(_ record: UnsafeRawBufferPointer, at place: FilePlace) throws {
    guard record.place(of: 0) == nil else { throw TableError.nulByte(file: place.file, line: place.line) }
    guard String(validating: record, as: UTF8.self) != nil else {
      throw TableError.notUTF8(file: place.file, line: place.line)
    }
  }

  /// Throws if the file is one object that contains all rows. Called when the first object lacks a selected column.
  private func rejectWholeTable() throws {
    var copy = self
    guard let frame = try copy.firstFrame() else { return }
    if let error = copy.window.withBytes(frame.content, { JSONShape.tableError($0, file: name) }),
      try copy.isLast(frame)
    {
      throw error
    }
  }

  /// Does the same if the first object has the selected columns, but as lists or objects.
  private func rejectNestedFirstRow() throws {
    var copy = self
    guard let frame = try copy.firstFrame() else { return }
    let values = try copy.window.withBytes(frame.content) {
      try jsonValues($0, at: FilePlace(file: name, line: line + frame.linesBefore))
    }
    if values.allSatisfy({ $0.isNested }) { try rejectWholeTable() }
  }

  private mutating func firstFrame() throws -> RecordFrame? {
    try framing.next(
      in: window.bytes, from: window.start, isEnd: window.hasEnded, place: FilePlace(file: name, line: line))
  }

  /// Whether only white space follows a record.
  private mutating func isLast(_ frame: RecordFrame) throws -> Bool {
    guard !(framing is JSONArrayFraming) else { return false }
    window.use(upTo: frame.end)
    while true {
      let rest = window.bytes[window.start...]
      if rest.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D && $0 != 0x0A }) { return false }
      guard !window.hasEnded else { return true }
      window.use(upTo: window.bytes.count)
      try window.fill()
    }
  }
}
