/// A JSON text as a tree, for files in which every key must be accounted for.
///
/// Unlike Foundation's parsers, it keeps the order of members, refuses duplicate names in an object, and keeps numbers as they
/// are written.
package enum JSONTree: Sendable, Equatable {
  case null
  case boolean(Bool)
  /// A number, as written.
  case number(String)
  case string(String)
  case array([JSONTree])
  case object([Member])

  /// A name and its value.
  package struct Member: Sendable, Equatable {
    package let name: String
    package let value: JSONTree

    package init(_ name: String, _ value: JSONTree) {
      self.name = name
      self.value = value
    }
  }

  /// Reads a file of at most `limit` bytes.
  ///
  /// - Throws: `FileError` when the file cannot be read or is larger, ``JSONError`` when it is not JSON.
  package init(file path: String, limit: Int = 16 << 20) throws {
    let file = try MappedFile(path: path)
    guard file.bytes.count <= limit else {
      throw FileError(
        "cannot read", path, reason: "it has \(grouped(file.bytes.count)) bytes, expected at most \(grouped(limit))")
    }
    self = try withExtendedLifetime(file) { try JSONTree(file.bytes, path: path) }
  }

  /// Parses a text.
  ///
  /// - Parameters:
  ///   - bytes: The text, with or without a leading byte order mark.
  ///   - path: The source file, for errors.
  /// - Throws: ``JSONError`` when it is not JSON.
  package init(_ bytes: UnsafeRawBufferPointer, path: String) throws {
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    var reader = JSONReader(UnsafeRawBufferPointer(rebasing: text), path: path)
    self = try reader.tree()
    reader.skipSpace()
    guard reader.next == nil else { throw reader.unexpected("the end of the text") }
  }

  /// The members of an object; `nil` for anything else.
  package var members: [Member]? { if case .object(let members) = self { members } else { nil } }

  /// The value of the named member; `nil` when there is none.
  package subscript(name: String) -> JSONTree? { members?.first { $0.name == name }?.value }

  /// The content of a string.
  package var text: String? { if case .string(let text) = self { text } else { nil } }
  /// The value of a boolean.
  package var flag: Bool? { if case .boolean(let flag) = self { flag } else { nil } }
  /// The number, if it is finite.
  package var double: Double? {
    guard case .number(let digits) = self, let number = Double(digits), number.isFinite else { return nil }
    return number
  }
  /// The number, if it is an integer that fits.
  package var int: Int? {
    guard case .number(let digits) = self else { return nil }
    return Int(digits) ?? double.flatMap { Int(exactly: $0) }
  }
  /// The elements of an array.
  package var elements: [JSONTree]? { if case .array(let elements) = self { elements } else { nil } }
  /// Whether it is null.
  package var isNull: Bool { self == .null }

  /// Whether the value is falsy: null, false, zero, or empty.
  package var isOff: Bool {
    switch self {
    case .null: true
    case .boolean(let flag): !flag
    case .number: double == 0
    case .string(let text): text.isEmpty
    case .array(let elements): elements.isEmpty
    case .object(let members): members.isEmpty
    }
  }

  /// A short form for messages; in quotes unless it is a number, a boolean, or null.
  package var summary: String {
    switch self {
    case .null, .boolean: short(depth: 0)
    case .number(let digits) where digits.utf8.count <= 40: digits
    default: quoted(short(depth: 2))
    }
  }

  private func short(depth: Int) -> String {
    switch self {
    case .null: return "null"
    case .boolean(let flag): return "\(flag)"
    case .number(let digits): return digits
    case .string(let text): return text
    case .array(let elements):
      guard depth > 0 else { return "[…]" }
      return "[\(elements.prefix(8).map { $0.short(depth: depth - 1) }.joined(separator: ", "))]"
    case .object(let members):
      guard depth > 0 else { return "{…}" }
      return "{\(members.prefix(8).map { "\($0.name): \($0.value.short(depth: depth - 1))" }.joined(separator: ", "))}"
    }
  }
}

extension JSONReader {
  /// Reads a value and everything nested in it.
  package mutating func tree(depth: Int = depthLimit) throws -> JSONTree {
    guard depth > 0 else { throw unexpected("values nested at most \(JSONReader.depthLimit) deep") }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"):
      var members: [JSONTree.Member] = []
      try object(names: .differInBytes) { reader, name in members.append(.init(name, try reader.tree(depth: depth - 1)))
      }
      return .object(members)
    case UInt8(ascii: "["):
      var elements: [JSONTree] = []
      try array { reader in elements.append(try reader.tree(depth: depth - 1)) }
      return .array(elements)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean(try boolean())
    case UInt8(ascii: "n"):
      _ = try takeNull()
      return .null
    case .some(let byte) where byte == UInt8(ascii: "-") || isDigit(byte): return .number(try numberText())
    default: throw unexpected("a value")
    }
  }

  /// Reads a number by JSON's grammar (RFC 8259, section 6).
  private mutating func numberText() throws -> String {
    let start = offset
    if next == UInt8(ascii: "-") { offset += 1 }
    let whole = offset
    try digits()
    guard bytes[whole] != UInt8(ascii: "0") || offset == whole + 1 else {
      offset = whole
      throw unexpected("a number without a leading zero")
    }
    if next == UInt8(ascii: ".") {
      offset += 1
      try digits()
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      offset += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { offset += 1 }
      try digits()
    }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  private mutating func digits() throws {
    let start = offset
    while let byte = next, isDigit(byte) { offset += 1 }
    guard offset > start else { throw unexpected("a digit") }
  }
}
