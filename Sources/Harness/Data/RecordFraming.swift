/// Finds where a record ends in bytes that may arrive in pieces.
///
/// A framing remembers how far it looked, so that a record that arrives in many pieces is looked at once.
protocol RecordFraming {
  /// The next record of the unused bytes, or `nil` when it is not complete, or there is none.
  ///
  /// - Parameters:
  ///   - bytes: What was read.
  ///   - start: The first unused byte.
  ///   - isEnd: Whether nothing comes after `bytes`.
  ///   - place: Where the unused bytes begin, for errors.
  mutating func next(in bytes: [UInt8], from start: Int, isEnd: Bool, place: FilePlace) throws -> RecordFrame?

  /// Forgets an incomplete record: the next one begins at the first unused byte.
  mutating func restart()
}

/// A record's place in the bytes that were read.
struct RecordFrame {
  /// The record without its line end.
  let content: Range<Int>
  /// The first byte after the record and its line end.
  let end: Int
  /// Lines that end before the content: those between two elements of a JSON array.
  var linesBefore = 0
  /// Lines that end before ``end``.
  let lines: Int
}

/// A line of a file, for errors.
struct FilePlace {
  /// The file, as the user named it.
  let file: String
  /// The line, from 1.
  var line: Int
}

/// How lines end, which the first line of an input shows.
enum LineEnds {
  /// A line feed, after any number of carriage returns: LF, CR LF, and the CR CR LF that a text mode makes of CR LF.
  case lineFeed
  /// A carriage return alone, as in files of old Macs. A line feed ends a line too.
  case carriageReturn

  /// Looks for the first line end that begins at `index`; `nil` when that is not decided by what was read.
  static func of(_ bytes: [UInt8], at index: Int, isEnd: Bool) -> LineEnds? {
    var next = index
    while next < bytes.count, bytes[next] == UInt8(ascii: "\r") { next += 1 }
    guard next < bytes.count else { return isEnd ? .lineFeed : nil }
    return next == index || bytes[next] == UInt8(ascii: "\n") ? .lineFeed : .carriageReturn
  }
}

/// The content of a line without the carriage returns before its line feed.
func withoutCarriageReturns(_ range: Range<Int>, in bytes: [UInt8]) -> Range<Int> {
  var end = range.upperBound
  while end > range.lowerBound, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
  return range.lowerBound..<end
}
