/// Finds the end of a record in bytes that may arrive in several reads.
///
/// A framing remembers how far it has scanned, so that each byte is scanned only once.
protocol RecordFraming {
  /// Returns the next record of the unconsumed bytes; `nil` if it is incomplete or there is none.
  ///
  /// - Parameters:
  ///   - bytes: The bytes read so far.
  ///   - start: The index of the first unconsumed byte.
  ///   - isEnd: Whether the input ends after `bytes`.
  ///   - place: The location of the first unconsumed byte, for errors.
  mutating func next(in bytes: [UInt8], from start: Int, isEnd: Bool, place: FilePlace) throws -> RecordFrame?

  /// Discards the state of an incomplete record; the next record begins at the first unconsumed byte.
  mutating func restart()
}

/// The position of a record in the bytes read so far.
struct RecordFrame {
  /// The record without its line end.
  let content: Range<Int>
  /// The first byte after the record and its line end.
  let end: Int
  /// The number of lines that end before the content, between two elements of a JSON array.
  var linesBefore = 0
  /// The number of lines that end before ``end``.
  let lines: Int
}

/// A file and line, for errors.
struct FilePlace {
  /// The file, as the user named it.
  let file: String
  /// The line, counted from 1.
  var line: Int
}

/// The line ending of an input, determined from its first line.
enum LineEnds {
  /// A line feed after any number of carriage returns: LF, CR LF, and the CR CR LF that writing CR LF in text mode produces.
  case lineFeed
  /// A single carriage return, as on classic Mac OS. A line feed also ends a line.
  case carriageReturn

  /// Returns the kind of the line end that begins at `index`; `nil` if more bytes are needed to decide.
  static func of(_ bytes: [UInt8], at index: Int, isEnd: Bool) -> LineEnds? {
    var next = index
    while next < bytes.count, bytes[next] == UInt8(ascii: "\r") { next += 1 }
    guard next < bytes.count else { return isEnd ? .lineFeed : nil }
    return next == index || bytes[next] == UInt8(ascii: "\n") ? .lineFeed : .carriageReturn
  }
}

/// Returns a line's range without the carriage returns before its line feed.
func withoutCarriageReturns(_ range: Range<Int>, in bytes: [UInt8]) -> Range<Int> {
  var end = range.upperBound
  while end > range.lowerBound, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
  return range.lowerBound..<end
}
