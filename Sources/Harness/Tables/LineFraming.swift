/// Splits TSV, JSON Lines, and plain text into records. A record is one line.
struct LineFraming: RecordFraming {
  /// Whether the first line is a header, in which a carriage return can only be a line end.
  let hasHeader: Bool
  private var ends: LineEnds?
  private var scanned = 0

  init(hasHeader: Bool) { self.hasHeader = hasHeader }

  mutating func restart() { scanned = 0 }

  mutating func next(in bytes: [UInt8], from start: Int, isEnd: Bool, place: FilePlace) -> RecordFrame? {
    if ends == nil { ends = lineEnds(of: bytes, from: start, isEnd: isEnd) }
    guard let ends else { return nil }
    let end: Int?
    switch ends {
    case .lineFeed: end = bytes.firstIndex(of: UInt8(ascii: "\n"), from: start + scanned)
    case .carriageReturn:
      end = bytes[(start + scanned)...].firstIndex { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }
    }
    guard let end else {
      scanned = bytes.count - start
      guard isEnd, start < bytes.count else { return nil }
      scanned = 0
      return RecordFrame(content: withoutCarriageReturns(start..<bytes.count, in: bytes), end: bytes.count, lines: 1)
    }
    var next = end + 1
    if bytes[end] == UInt8(ascii: "\r") {
      // The line feed of a CR LF belongs to this line.
      guard next < bytes.count || isEnd else {
        scanned = end - start
        return nil
      }
      if next < bytes.count, bytes[next] == UInt8(ascii: "\n") { next += 1 }
    }
    scanned = 0
    return RecordFrame(content: withoutCarriageReturns(start..<end, in: bytes), end: next, lines: 1)
  }

  /// Determines the line ends. If there is a line feed within the maximum size of the first record, a carriage return is part
  /// of the text, unless it ends the header. Returns `nil` until that much has arrived, so that the result does not depend on
  /// how the input was split into reads.
  private func lineEnds(of bytes: [UInt8], from start: Int, isEnd: Bool) -> LineEnds? {
    let isFull = bytes.count - start >= TableReader.maximumRecordSize
    let available = isFull ? Array(bytes[start..<start + TableReader.maximumRecordSize]) : Array(bytes[start...])
    let lineFeed = available.firstIndex(of: UInt8(ascii: "\n"))
    guard let carriageReturn = available.firstIndex(of: UInt8(ascii: "\r")) else {
      return lineFeed != nil || isEnd || isFull ? .lineFeed : nil
    }
    if let lineFeed, !hasHeader || lineFeed < carriageReturn { return .lineFeed }
    guard hasHeader || isEnd || isFull else { return nil }
    return LineEnds.of(bytes, at: start + carriageReturn, isEnd: isEnd)
  }
}
