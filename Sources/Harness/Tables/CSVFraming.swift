/// Splits CSV into records. A record ends at a line end outside quotation marks.
struct CSVFraming: RecordFraming {
  /// The field separator; `nil` until the header has been read, when any of the usual separators is accepted.
  private var separator: UInt8?
  private var ends: LineEnds?
  private var scanned = 0
  private var lines = 0
  private var state = State.fieldStart

  private enum State {
    case fieldStart, plain, quoted, afterQuote
  }

  /// Whether the incomplete record is inside an open quotation mark.
  var isQuoted: Bool { state == .quoted }

  /// Returns a copy with the separator detected in the header.
  func with(_ separator: UInt8?) -> CSVFraming {
    var copy = self
    copy.separator = separator
    return copy
  }

  mutating func restart() {
    scanned = 0
    lines = 0
    state = .fieldStart
  }

  mutating func next(in bytes: [UInt8], from start: Int, isEnd: Bool, place: FilePlace) throws -> RecordFrame? {
    var index = start + scanned
    while index < bytes.count {
      let byte = bytes[index]
      if state == .quoted {
        if byte == UInt8(ascii: "\"") { state = .afterQuote }
        if byte == UInt8(ascii: "\n") { lines += 1 }
      } else if byte == UInt8(ascii: "\""), state != .plain {
        state = .quoted  // at the start of a field, or the second mark of a doubled pair
      } else if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
        if ends == nil { ends = LineEnds.of(bytes, at: index, isEnd: isEnd) }
        guard let ends else { break }
        if byte == UInt8(ascii: "\n") || ends == .carriageReturn {
          var next = index + 1
          if byte == UInt8(ascii: "\r") {
            guard next < bytes.count || isEnd else { break }
            if next < bytes.count, bytes[next] == UInt8(ascii: "\n") { next += 1 }
          }
          return frame(start..<index, end: next, in: bytes)
        }
        state = .plain
      } else {
        state = isSeparator(byte) ? .fieldStart : .plain
      }
      index += 1
    }
    scanned = index - start
    guard isEnd, start < bytes.count else { return nil }
    if state == .quoted { throw TableError.openQuote(file: place.file, line: place.line) }
    return frame(start..<bytes.count, end: bytes.count, in: bytes)
  }

  private mutating func frame(_ range: Range<Int>, end: Int, in bytes: [UInt8]) -> RecordFrame {
    let frame = RecordFrame(content: withoutCarriageReturns(range, in: bytes), end: end, lines: lines + 1)
    restart()
    return frame
  }

  private func isSeparator(_ byte: UInt8) -> Bool {
    separator.map { $0 == byte } ?? CSVSeparator.all.contains(byte)
  }
}
