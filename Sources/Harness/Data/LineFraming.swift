/// A record is a line: TSV, JSON lines, and plain text.
struct LineFraming: RecordFraming {
  /// Whether the first line is a header, which holds no carriage return of its own.
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

  /// A line feed within the first record's limit says that a carriage return is a part of the text, unless it is the header that
  /// ends with one. Until then nothing is decided, so that the answer does not depend on what arrived together.
  private func lineEnds(of bytes: [UInt8], from start: Int, isEnd: Bool) -> LineEnds? {
    let isFull = bytes.count - start >= TableReader.longestRecord
    let known = isFull ? Array(bytes[start..<start + TableReader.longestRecord]) : Array(bytes[start...])
    let feed = known.firstIndex(of: UInt8(ascii: "\n"))
    guard let carriage = known.firstIndex(of: UInt8(ascii: "\r")) else {
      return feed != nil || isEnd || isFull ? .lineFeed : nil
    }
    if let feed, !hasHeader || feed < carriage { return .lineFeed }
    guard hasHeader || isEnd || isFull else { return nil }
    return LineEnds.of(bytes, at: start + carriage, isEnd: isEnd)
  }
}
