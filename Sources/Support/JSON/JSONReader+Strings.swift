extension JSONReader {
  /// Reads a string and resolves its escapes.
  ///
  /// Control characters, unknown escapes, unpaired surrogates, and invalid UTF-8 are refused.
  package mutating func string() throws -> String {
    guard take(UInt8(ascii: "\"")) else { throw unexpected("a string") }
    let start = offset
    var text: [UInt8] = []
    while true {
      let run = offset
      while let byte = next, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { offset += 1 }
      text.append(contentsOf: bytes[run..<offset])
      switch next {
      case UInt8(ascii: "\""):
        offset += 1
        guard let string = String(validating: text, as: UTF8.self) else {
          throw JSONError(path, .invalidUTF8(offset: start))
        }
        return string
      case UInt8(ascii: "\\"):
        offset += 1
        text.append(contentsOf: String(try escaped()).utf8)
      default:
        throw unexpected("'\"' at the end of a string")
      }
    }
  }

  /// Returns the character for the escape sequence after a backslash.
  private mutating func escaped() throws -> Unicode.Scalar {
    let scalar: Unicode.Scalar
    switch next {
    case UInt8(ascii: "\""): scalar = "\""
    case UInt8(ascii: "\\"): scalar = "\\"
    case UInt8(ascii: "/"): scalar = "/"
    case UInt8(ascii: "b"): scalar = "\u{8}"
    case UInt8(ascii: "f"): scalar = "\u{C}"
    case UInt8(ascii: "n"): scalar = "\n"
    case UInt8(ascii: "r"): scalar = "\r"
    case UInt8(ascii: "t"): scalar = "\t"
    case UInt8(ascii: "u"):
      offset += 1
      return try unicodeEscape()
    default: throw unexpected("one of \"\\/bfnrtu after a backslash")
    }
    offset += 1
    return scalar
  }

  /// Returns the character of a `\u` escape with four hexadecimal digits, or of two such escapes that form a surrogate pair.
  private mutating func unicodeEscape() throws -> Unicode.Scalar {
    let first = try fourHexDigits()
    var value = first
    if (0xD800..<0xDC00).contains(first) {
      for byte in [UInt8(ascii: "\\"), UInt8(ascii: "u")] {
        guard next == byte else { throw unexpected("the other half of a surrogate pair") }
        offset += 1
      }
      let second = try fourHexDigits()
      guard (0xDC00..<0xE000).contains(second) else { throw loneSurrogate() }
      value = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
    }
    // The only values left are low surrogates without a high surrogate before them.
    guard let scalar = Unicode.Scalar(value) else { throw loneSurrogate() }
    return scalar
  }

  private func loneSurrogate() -> JSONError { unexpected("the other half of a surrogate pair before this") }

  private mutating func fourHexDigits() throws -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
        throw unexpected("a hexadecimal digit")
      }
      value = value << 4 | UInt32(digit)
      offset += 1
    }
    return value
  }
}
