extension Table {
  /// Fields between commas under a header; a field in quotation marks may hold commas, line feeds and doubled quotation
  /// marks. (RFC 4180.)
  ///
  /// - Throws: ``TaskError`` for a quotation mark left open and for text behind a closing one.
  init(csv content: Slice<UnsafeRawBufferPointer>, path: String) throws {
    var reader = CSVReader(bytes: content, path: path)
    guard let header = try reader.record() else { throw TaskError.empty(file: path) }
    var rows: [Row] = []
    while let record = try reader.record() {
      guard record.fields.count <= header.fields.count else {
        throw TaskError.longRow(
          file: path, line: record.line, fields: record.fields.count, expected: header.fields.count)
      }
      rows.append(Row(line: record.line, fields: record.fields))
    }
    guard !rows.isEmpty else { throw TaskError.empty(file: path) }
    try self.init(path: path, columns: header.fields, rows: rows)
  }
}

/// Takes one record after the other from a text.
private struct CSVReader {
  let bytes: Slice<UnsafeRawBufferPointer>
  let path: String
  private var position: Int
  private var line = 1

  init(bytes: Slice<UnsafeRawBufferPointer>, path: String) {
    (self.bytes, self.path) = (bytes, path)
    position = bytes.startIndex
  }

  private var next: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

  /// The next record that is not an empty line, or `nil` at the end.
  mutating func record() throws -> (line: Int, fields: [String])? {
    while next == UInt8(ascii: "\n") || next == UInt8(ascii: "\r") { skipLineEnd() }
    guard next != nil else { return nil }
    let start = line
    var fields: [String] = []
    repeat { fields.append(try field()) } while take(UInt8(ascii: ","))
    skipLineEnd()
    return (start, fields)
  }

  private mutating func field() throws -> String {
    let start = line
    var text: [UInt8] = []
    if take(UInt8(ascii: "\"")) {
      while true {
        guard let byte = next else { throw TaskError.openQuote(file: path, line: start) }
        position += 1
        if byte == UInt8(ascii: "\""), !take(UInt8(ascii: "\"")) { break }
        if byte == UInt8(ascii: "\n") { line += 1 }
        text.append(byte)
      }
      guard next == nil || next == UInt8(ascii: ",") || isLineEnd else {
        throw TaskError.textBehindQuote(file: path, line: line)
      }
    } else {
      while let byte = next, byte != UInt8(ascii: ","), !isLineEnd {
        text.append(byte)
        position += 1
      }
    }
    guard let field = String(validating: text, as: UTF8.self) else { throw TaskError.notUTF8(file: path, line: start) }
    return field
  }

  private var isLineEnd: Bool {
    next == UInt8(ascii: "\n")
      || next == UInt8(ascii: "\r") && (position + 1 == bytes.endIndex || bytes[position + 1] == UInt8(ascii: "\n"))
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipLineEnd() {
    _ = take(UInt8(ascii: "\r"))
    if take(UInt8(ascii: "\n")) { line += 1 }
  }
}
