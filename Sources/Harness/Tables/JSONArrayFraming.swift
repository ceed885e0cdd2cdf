/// Splits a JSON array into records. A record is one element.
struct JSONArrayFraming: RecordFraming {
  private enum Phase {
    case opening, firstElement, element, separator, closed
  }

  private var phase = Phase.opening
  private var scanned = 0
  /// The start of the current element, relative to the first unconsumed byte; `nil` between elements.
  private var elementStart: Int?
  private var depth = 0
  private var isString = false
  private var isEscaped = false
  private var lines = 0
  private var linesBefore = 0

  mutating func restart() {
    // The first unconsumed byte begins an element, at any position of the array.
    self = JSONArrayFraming()
    phase = .element
  }

  mutating func next(in bytes: [UInt8], from start: Int, isEnd: Bool, place: FilePlace) throws -> RecordFrame? {
    var index = start + scanned
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\n") { lines += 1 }
      if let first = elementStart {
        if let end = elementEnd(byte, at: index) {
          let frame = RecordFrame(content: start + first..<end, end: end, linesBefore: linesBefore, lines: lines)
          self = JSONArrayFraming()
          phase = .separator
          return frame
        }
      } else if !isSpace(byte) {
        try begin(byte, at: index - start, FilePlace(file: place.file, line: place.line + lines))
      }
      index += 1
    }
    scanned = index - start
    guard !isEnd || phase == .closed else {
      throw TableError.notList(
        file: place.file, line: place.line + lines,
        reason: "expected ']' at the end of the list, got the end of the file")
    }
    return nil
  }

  /// Processes a byte between two elements.
  private mutating func begin(_ byte: UInt8, at place: Int, _ line: FilePlace) throws {
    switch (phase, byte) {
    case (.opening, UInt8(ascii: "[")): phase = .firstElement
    case (.firstElement, UInt8(ascii: "]")), (.separator, UInt8(ascii: "]")): phase = .closed
    case (.separator, UInt8(ascii: ",")): phase = .element
    case (.firstElement, UInt8(ascii: "{")), (.element, UInt8(ascii: "{")):
      elementStart = place
      linesBefore = lines
      depth = 1
    default:
      let expected =
        switch phase {
        case .opening: "'['"
        case .firstElement, .element: "one object per example"
        case .separator: "',' or ']' after an example"
        case .closed: "nothing after the list"
        }
      throw TableError.notList(file: line.file, line: line.line, reason: "expected \(expected), got \(shown(byte))")
    }
  }

  /// Processes a byte of an element. Returns the index after the element if the byte closes it.
  private mutating func elementEnd(_ byte: UInt8, at index: Int) -> Int? {
    if isString {
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        isString = false
      }
      return nil
    }
    switch byte {
    case UInt8(ascii: "\""): isString = true
    case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      depth -= 1
      return depth == 0 ? index + 1 : nil
    default: break
    }
    return nil
  }

  private func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  private func shown(_ byte: UInt8) -> String {
    (0x21..<0x7F).contains(byte) ? "'\(Character(UnicodeScalar(byte)))'" : "byte 0x\(String(byte, radix: 16))"
  }
}
