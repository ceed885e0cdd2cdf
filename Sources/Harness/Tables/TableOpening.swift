import GraftSupport

/// Opens an input: checks its encoding and kind, and reads its column names.
struct TableOpening {
  let name: String
  var window: ByteWindow
  var framing: any RecordFraming
  /// The line of the first unconsumed byte.
  private(set) var line = 1

  init(name: String, window: ByteWindow, framing: any RecordFraming) {
    self.name = name
    self.window = window
    self.framing = framing
  }

  /// Skips a byte order mark, and rejects input that is not UTF-8 text.
  ///
  /// - Throws: ``TableError`` for another encoding or an unsupported format.
  mutating func checkEncoding() throws {
    while !window.hasEnded, TextEncoding.needsMore(window.bytes) { try window.fill() }
    if let encoding = TextEncoding.of(firstBytes: window.bytes) {
      throw TableError.encoding(file: name, encoding)
    }
    if let kind = ForeignFormat.of(firstBytes: window.bytes) { throw TableError.foreignContent(file: name, kind) }
    if window.bytes.starts(with: TextEncoding.mark) { window.use(upTo: TextEncoding.mark.count) }
  }

  /// Reads the column names and the field separator.
  ///
  /// - Throws: ``TableError/empty(file:)``, or ``TableError`` for an invalid header or first object.
  mutating func columns(_ format: TableFormat, header: [String]?) throws -> (names: [String], separator: UInt8) {
    if let header, format == .tsv { return (header, UInt8(ascii: "\t")) }
    switch format {
    case .txt: return ([TableReader.lineColumn], 0)
    case .tsv:
      let record = try headerLine()
      return (try names(record) { $0.addTabbed($1) }, UInt8(ascii: "\t"))
    case .csv:
      var record = try headerLine()
      var separator = try record.withUnsafeBytes { try CSVSeparator.declared(by: $0, file: name) }
      if separator != nil { record = try headerLine(separator) }
      separator = separator ?? record.withUnsafeBytes { CSVSeparator.of(header: $0) }
      framing = (framing as? CSVFraming)?.with(separator) ?? framing
      let place = FilePlace(file: name, line: 1)
      return (
        try names(record) { try $0.addCSV($1, separator: separator ?? UInt8(ascii: ","), place: place) },
        separator ?? UInt8(ascii: ",")
      )
    case .json, .jsonl: return (try keys(), 0)
    }
  }

  /// Consumes and returns the first line that is not empty.
  private mutating func headerLine(_ separator: UInt8? = nil) throws -> [UInt8] {
    framing = (framing as? CSVFraming)?.with(separator) ?? framing
    while let frame = try frame() {
      let record = Array(window.bytes[frame.content])
      window.use(upTo: frame.end)
      line += frame.lines
      if !record.isEmpty { return record }
    }
    throw TableError.empty(file: name)
  }

  private func names(
    _ record: [UInt8], _ add: (inout FieldCollector, UnsafeRawBufferPointer) throws -> Void
  ) throws -> [String] {
    guard !record.contains(0) else { throw TableError.nulByte(file: name, line: 1) }
    guard String(validating: record, as: UTF8.self) != nil else { throw TableError.notUTF8(file: name, line: 1) }
    var fields = FieldCollector(places: Array(0...TableReader.maximumColumns))
    try record.withUnsafeBytes { try add(&fields, $0) }
    guard fields.count <= TableReader.maximumColumns else {
      throw TableError.tooManyColumns(file: name, limit: TableReader.maximumColumns)
    }
    return fields.values.prefix(fields.count).map { $0.text ?? "" }
  }

  /// Returns the keys of the first object without consuming it.
  private mutating func keys() throws -> [String] {
    if try firstByte() == UInt8(ascii: "[") { framing = JSONArrayFraming() }
    while true {
      let savedFraming = framing
      guard let frame = try frame() else { throw TableError.empty(file: name) }
      let isBlank = window.bytes[frame.content].allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
      if isBlank {
        window.use(upTo: frame.end)
        line += frame.lines
        continue
      }
      let isWhole = window.hasEnded && frame.end == window.bytes.count
      do {
        let columnNames = try window.withBytes(frame.content) { try keys(of: $0, line: line + frame.linesBefore) }
        framing = savedFraming
        return columnNames
      } catch let error as TableError {
        let extent = window.withBytes(frame.content) { JSONShape.extent($0, file: name) }
        if !(framing is JSONArrayFraming), !isWhole, extent == .unfinished { try rejectMultilineObject() }
        throw error
      }
    }
  }

  private func keys(of record: UnsafeRawBufferPointer, line: Int) throws -> [String] {
    guard record.place(of: 0) == nil else { throw TableError.nulByte(file: name, line: line) }
    guard String(validating: record, as: UTF8.self) != nil else { throw TableError.notUTF8(file: name, line: line) }
    var reader = JSONReader(record, path: name)
    var keys: [String] = []
    do {
      try reader.object(names: .differInBytes) { reader, key in
        guard keys.count < TableReader.maximumColumns else {
          throw TableError.tooManyColumns(file: name, limit: TableReader.maximumColumns)
        }
        keys.append(key)
        try reader.skipValue()
      }
      reader.skipSpace()
      guard reader.next == nil else { throw reader.unexpected("the end of the line") }
    } catch let error as JSONError {
      throw TableError.notJSON(file: name, line: line, reason: error.explanation)
    }
    return keys
  }

  /// Throws the error for an object that spans several lines, unless it has a syntax error.
  private mutating func rejectMultilineObject() throws {
    while !window.hasEnded, window.count < TableReader.maximumRecordSize { try window.fill() }
    let all = window.start..<window.bytes.count
    guard window.withBytes(all, { JSONShape.extent($0, file: name) }) != .broken else { return }
    throw window.withBytes(all) { JSONShape.tableError($0, file: name) } ?? .objectOverLines(file: name, line: line)
  }

  /// Returns the first byte that is not white space, without consuming it; `nil` if there is none.
  private mutating func firstByte() throws -> UInt8? {
    var blank = 0
    while true {
      let rest = window.bytes[(window.start + blank)...]
      if let byte = rest.first(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D && $0 != 0x0A }) { return byte }
      guard !window.hasEnded else { return nil }
      blank = window.count
      guard blank < TableReader.maximumRecordSize else { throw tooLong() }
      try window.fill()
    }
  }

  /// Returns the next record, waiting for it; `nil` at the end.
  private mutating func frame() throws -> RecordFrame? {
    while true {
      let place = FilePlace(file: name, line: line)
      if let frame = try framing.next(
        in: window.bytes, from: window.start, isEnd: window.hasEnded, place: place)
      {
        return frame
      }
      guard !window.hasEnded else { return nil }
      guard window.count < TableReader.maximumRecordSize else { throw tooLong() }
      try window.fill()
    }
  }

  private func tooLong() -> TableError {
    if (framing as? CSVFraming)?.isQuoted == true {
      return .openQuote(file: name, line: line, limit: TableReader.maximumRecordSize)
    }
    let all = window.start..<window.bytes.count
    return window.withBytes(all) { JSONShape.tableError($0, file: name) }
      ?? .longRecord(file: name, line: line, limit: TableReader.maximumRecordSize)
  }
}
