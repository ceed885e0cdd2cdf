/// A streaming JSON reader for model files; the caller requests values in the order it expects.
///
/// Foundation's parsers silently keep one of two members with the same name; this one refuses duplicates. It builds no tree:
/// the caller requests the value that must come next, which also bounds how deep a hostile text can nest.
package struct JSONReader {
  /// The maximum nesting depth of skipped values.
  package static let depthLimit = 32

  let bytes: UnsafeRawBufferPointer
  /// The file, for errors.
  package let path: String
  /// The current position.
  package var offset = 0

  /// Creates a reader at the start of a text.
  ///
  /// - Parameters:
  ///   - bytes: The text; must remain valid while this reader is in use.
  ///   - path: The file, for errors.
  package init(_ bytes: UnsafeRawBufferPointer, path: String) {
    self.bytes = bytes
    self.path = path
  }

  /// The next byte, or `nil` at the end. All access to `bytes` must go through it, because release builds do not check bounds.
  package var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  /// How names in an object must differ.
  package enum Names {
    /// As Swift strings, so they can be dictionary keys; Swift treats two encodings of one accent as equal.
    case differAsStrings
    /// In their bytes, as JSON requires.
    case differInBytes
    /// Not checked; the caller looks for duplicates itself.
    case areAny
  }

  /// Reads an object; `member` must read the value of the name that it receives.
  ///
  /// - Parameter names: How names must differ; others are refused as duplicates.
  package mutating func object(
    names: Names = .differAsStrings, _ member: (inout JSONReader, String) throws -> Void
  ) throws {
    guard take(UInt8(ascii: "{")) else { throw unexpected("an object") }
    var seen: Set<ExactText> = []
    var keys: Set<String> = []
    if take(UInt8(ascii: "}")) { return }
    repeat {
      skipSpace()
      let start = offset
      let key = try string()
      guard names == .areAny || seen.insert(ExactText(key)).inserted else {
        throw JSONError(path, .duplicateKey(key, offset: start))
      }
      guard names != .differAsStrings || keys.insert(key).inserted else {
        throw JSONError(path, .equivalentKey(key, offset: start))
      }
      guard take(UInt8(ascii: ":")) else { throw unexpected("':'") }
      try member(&self, key)
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw unexpected("',' or '}'") }
  }

  /// Reads an array; `element` must read one element.
  package mutating func array(_ element: (inout JSONReader) throws -> Void) throws {
    guard take(UInt8(ascii: "[")) else { throw unexpected("an array") }
    if take(UInt8(ascii: "]")) { return }
    repeat { try element(&self) } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw unexpected("',' or ']'") }
  }

  /// Reads an integer from 0 to 2^63 - 1, written without a sign, fraction, exponent, or leading zero.
  package mutating func wholeNumber() throws -> Int {
    skipSpace()
    let start = offset
    var value = 0
    while let digit = next, isDigit(digit) {
      guard offset == start || value > 0 else { throw unexpected("a number without a leading zero") }
      let (shifted, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflow) = shifted.addingReportingOverflow(Int(digit - UInt8(ascii: "0")))
      guard !tooLarge, !overflow else { throw unexpected("a number below 2^63") }
      value = sum
      offset += 1
    }
    let isFractional = next.map { [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains($0) } ?? false
    guard offset > start, !isFractional else { throw unexpected("a non-negative whole number") }
    return value
  }

  /// Reads `true` or `false`.
  package mutating func boolean() throws -> Bool {
    skipSpace()
    switch next {
    case UInt8(ascii: "t"):
      try word("true")
      return true
    case UInt8(ascii: "f"):
      try word("false")
      return false
    default: throw unexpected("true or false")
    }
  }

  /// Consumes `null` if it comes next.
  package mutating func takeNull() throws -> Bool {
    skipSpace()
    guard next == UInt8(ascii: "n") else { return false }
    try word("null")
    return true
  }

  /// Reads a string, or a number or boolean as text; returns `nil` for null, arrays, and objects, which are skipped.
  package mutating func scalarText() throws -> String? {
    skipSpace()
    switch next {
    case UInt8(ascii: "\""): return try string()
    case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "n"):
      try skipValue()
      return nil
    default:
      let start = offset
      try skipValue()
      return String(decoding: bytes[start..<offset], as: UTF8.self)
    }
  }

  /// Skips one value of any kind.
  ///
  /// Numbers are not fully validated, because skipped values are not used.
  package mutating func skipValue(depth: Int = depthLimit) throws {
    guard depth > 0 else { throw unexpected("values nested at most \(JSONReader.depthLimit) deep") }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): try object(names: .differInBytes) { reader, _ in try reader.skipValue(depth: depth - 1) }
    case UInt8(ascii: "["): try array { reader in try reader.skipValue(depth: depth - 1) }
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"): try word("true")
    case UInt8(ascii: "f"): try word("false")
    case UInt8(ascii: "n"): try word("null")
    default:
      let start = offset
      while let byte = next, isDigit(byte) || "+-.eE".utf8.contains(byte) { offset += 1 }
      guard offset > start else { throw unexpected("a value") }
    }
  }

  /// Consumes `byte` if it comes next, after optional white space.
  package mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard next == byte else { return false }
    offset += 1
    return true
  }

  /// Skips the four bytes that JSON defines as white space.
  package mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
  }

  /// Returns the error that the next byte is not what was expected.
  package func unexpected(_ expected: String) -> JSONError {
    let got =
      switch next {
      case nil: "the end"
      case .some(let byte) where (0x21..<0x7F).contains(byte): "'\(Character(UnicodeScalar(byte)))'"
      case .some(let byte): "byte 0x\(String(byte, radix: 16))"
      }
    return JSONError(path, .syntax(offset: offset, expected: expected, got: got))
  }

  private mutating func word(_ text: StaticString) throws {
    for position in 0..<text.utf8CodeUnitCount {
      guard next == text.utf8Start[position] else { throw unexpected("'\(text)'") }
      offset += 1
    }
  }

  func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
