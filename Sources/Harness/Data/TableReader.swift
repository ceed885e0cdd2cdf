import GraftSupport

/// Reads the rows of a file or of standard input one by one: TSV, CSV, JSON, or plain lines of text.
///
/// Memory does not grow with the number of rows: no more than one record and what was read after it are kept.
struct TableReader {
  /// What messages call the input.
  let name: String
  /// How it is read.
  let format: TableFormat
  /// The columns' names, in the order of the file; the keys of the first object for JSON. Some may be empty: a table that
  /// pandas wrote has a first column without a name.
  let columns: [String]

  private var window: ByteWindow
  private var framing: any RecordFraming
  private var line = 1
  private var rowCount = 0
  /// The columns whose values rows have.
  private(set) var wanted: [(place: Int, name: String)] = []
  /// What stands between the fields of CSV.
  let separator: UInt8

  /// The columns that a table can have.
  static let mostColumns = 1000
  /// The bytes that a record can have: 1 MiB.
  static let longestRecord = 1 << 20
  /// The only column of plain lines.
  static let lineColumn = "text"

  /// Opens a file, and reads its header or looks at its first object.
  ///
  /// - Parameters:
  ///   - path: A file.
  ///   - named: The format; `nil` goes by the ending of the name.
  ///   - header: The columns of a TSV file that has no header.
  /// - Throws: `FileError`, or ``TaskError`` with file and line.
  init(path: String, format named: TableFormat? = nil, header: [String]? = nil) throws {
    guard let format = named ?? TableFormat.of(path) else {
      if let kind = ForeignFormat.of(path) { throw TaskError.foreignFormat(file: path, kind) }
      throw TaskError.unknownFormat(file: path)
    }
    try self.init(ByteSource(path: path), format: format, header: header)
  }

  /// Opens an input. This waits for the header or the first object; for plain lines, for the first bytes.
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
    guard columns.count <= Self.mostColumns else {
      throw TaskError.tooManyColumns(file: name, limit: Self.mostColumns)
    }
    if let twice = firstDuplicate(in: columns.filter { !$0.isEmpty }) {
      throw TaskError.duplicateColumn(file: name, column: twice)
    }
  }

  /// Chooses the columns whose values rows have from now on.
  ///
  /// - Throws: ``TaskError/missingColumn(file:column:found:hint:)`` with the nearest, or what the file is instead.
  mutating func select(_ names: [String]) throws {
    wanted = try names.map { name in
      // Exactly that name, or else one that is only encoded in another way.
      let exact = columns.firstIndex { ExactText($0) == ExactText(name) }
      guard let place = exact ?? columns.firstIndex(of: name) else {
        if format.isJSON { try refuseWholeTable() }
        throw TaskError.missingColumn(
          file: self.name, column: name, found: columns, hint: .of(columns, format: format, separator: separator))
      }
      return (place, columns[place])
    }
    if format.isJSON { try refuseNestedFirstRow() }
  }

  /// What comes next.
  enum Step {
    /// A row.
    case row(TableRow)
    /// Nothing yet: a pipe has no whole record.
    case pending
    /// Nothing more.
    case end
  }

  /// The next row, or `nil` at the end.
  mutating func next() throws -> TableRow? { if case .row(let row) = try step() { row } else { nil } }

  /// The next row.
  ///
  /// - Parameter waits: Whether to wait for a pipe.
  /// - Throws: `FileError`, or ``TaskError`` with file and line.
  mutating func step(waits: Bool = true) throws -> Step {
    while true {
      let place = FilePlace(file: name, line: line)
      guard
        let frame = try framing.next(
          in: window.bytes, from: window.start, isEnd: window.hasEnded, place: place)
      else {
        if window.hasEnded {
          guard rowCount > 0 || format == .txt else { throw TaskError.empty(file: name) }
          return .end
        }
        guard window.count < Self.longestRecord else { throw tooLong(line) }
        guard waits || window.isReady else { return .pending }
        try window.fill()
        continue
      }
      let first = FilePlace(file: name, line: line + frame.linesBefore)
      guard frame.content.count <= Self.longestRecord else { throw tooLong(first.line) }
      let offset = window.offset + frame.content.lowerBound - window.start
      let row = try window.withBytes(frame.content) { try parsed($0, at: first, offset: offset) }
      window.use(upTo: frame.end)
      line += frame.lines
      guard let row else { continue }
      rowCount += 1
      return .row(row)
    }
  }

  /// Continues at a row that was read before, by its ``TableRow/offset``.
  mutating func move(to offset: Int) throws {
    try window.move(to: offset)
    framing.restart()
    rowCount = max(rowCount, 1)
  }

  private func tooLong(_ line: Int) -> TaskError {
    if (framing as? CSVFraming)?.isQuoted == true {
      return .openQuote(file: name, line: line, limit: Self.longestRecord)
    }
    return .longRecord(file: name, line: line, limit: Self.longestRecord)
  }

  /// - Returns: `nil` for an empty line that is no row.
  private func parsed(_ record: UnsafeRawBufferPointer, at place: FilePlace, offset: Int) throws -> TableRow? {
    guard format == .txt || !record.isEmpty else { return nil }
    try checkText(record, at: place)
    var fields = FieldCollector(places: wanted.map(\.place))
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
    // Fields of CSV can be quoted, so more of them than columns are a mistake in every file.
    if format == .csv, fields.count > columns.count { throw longRow(row) }
    return row
  }

  private func jsonValues(_ record: UnsafeRawBufferPointer, at place: FilePlace) throws -> [TableValue] {
    var reader = JSONReader(record, path: name)
    var values = [TableValue](repeating: .missing, count: wanted.count)
    var count = 0
    do {
      try reader.object(names: .differInBytes) { reader, key in
        count += 1
        guard count <= Self.mostColumns else {
          throw TaskError.tooManyColumns(file: name, limit: Self.mostColumns)
        }
        guard let index = wanted.firstIndex(where: { ExactText($0.name) == ExactText(key) }) else {
          return try reader.skipValue()
        }
        values[index] = try reader.tableValue()
      }
      reader.skipSpace()
      guard reader.next == nil else { throw reader.unexpected("the end of the line") }
    } catch let error as JSONError {
      throw TaskError.notJSON(file: name, line: place.line, reason: error.explanation)
    }
    return values
  }
}

// MARK: mistakes

extension TableReader {
  private func checkText(_ record: UnsafeRawBufferPointer, at place: FilePlace) throws {
    guard record.place(of: 0) == nil else { throw TaskError.nulByte(file: place.file, line: place.line) }
    guard String(validating: record, as: UTF8.self) != nil else {
      throw TaskError.notUTF8(file: place.file, line: place.line)
    }
  }

  /// Refuses a file that is one object with all rows in it: the first object lacks what is asked for.
  private func refuseWholeTable() throws {
    var copy = self
    guard let frame = try copy.firstFrame() else { return }
    if let mistake = copy.window.withBytes(frame.content, { JSONShape.mistake($0, file: name) }),
      try copy.isLast(frame)
    {
      throw mistake
    }
  }

  /// Refuses the same when the object has what is asked for, but as lists or objects.
  private func refuseNestedFirstRow() throws {
    var copy = self
    guard let frame = try copy.firstFrame() else { return }
    let values = try copy.window.withBytes(frame.content) {
      try jsonValues($0, at: FilePlace(file: name, line: line + frame.linesBefore))
    }
    if values.allSatisfy({ $0 == .list || $0 == .object }) { try refuseWholeTable() }
  }

  private mutating func firstFrame() throws -> RecordFrame? {
    try framing.next(
      in: window.bytes, from: window.start, isEnd: window.hasEnded, place: FilePlace(file: name, line: line))
  }

  /// Whether nothing but white space follows a record.
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
