import GraftSupport

/// A value in another toolkit's configuration, with an object's members in the file's order.
///
/// JSON is read strictly: a name that occurs twice in an object, NaN, and text after the value are errors.
enum ForeignValue {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([ForeignValue])
  case object([(key: String, value: ForeignValue)])

  /// Reads a whole text.
  ///
  /// - Throws: `JSONError` that says where it stops being JSON.
  init(_ bytes: [UInt8], file: String) throws {
    self = try bytes.withUnsafeBytes { bytes in
      var reader = JSONReader(bytes, path: file)
      let value = try ForeignValue(from: &reader, depth: JSONReader.depthLimit)
      reader.skipSpace()
      guard reader.next == nil else { throw reader.unexpected("the end") }
      return value
    }
  }

  private init(from reader: inout JSONReader, depth: Int) throws {
    guard depth > 0 else { throw reader.unexpected("values nested at most \(JSONReader.depthLimit) deep") }
    reader.skipSpace()
    switch reader.next {
    case UInt8(ascii: "{"):
      var members: [ForeignMember] = []
      try reader.object { reader, key in members.append((key, try ForeignValue(from: &reader, depth: depth - 1))) }
      self = .object(members)
    case UInt8(ascii: "["):
      var items: [ForeignValue] = []
      try reader.array { reader in items.append(try ForeignValue(from: &reader, depth: depth - 1)) }
      self = .array(items)
    case UInt8(ascii: "\""): self = .string(try reader.string())
    case UInt8(ascii: "t"), UInt8(ascii: "f"): self = .bool(try reader.boolean())
    case UInt8(ascii: "n"):
      _ = try reader.takeNull()
      self = .null
    default: self = .number(try Self.number(from: &reader))
    }
  }

  /// A number in JSON's grammar; one beyond a `Double`'s range is infinite, which ``ForeignConfig`` refuses by its key.
  private static func number(from reader: inout JSONReader) throws -> Double {
    var text = ""
    while let byte = reader.next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.eE".utf8.contains(byte)
    {
      text.unicodeScalars.append(Unicode.Scalar(byte))
      reader.offset += 1
    }
    guard text.utf8.count <= longestNumber,
      text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil, let number = Double(text)
    else {
      throw reader.unexpected("a value")
    }
    return number
  }

  /// No number that means something has more characters.
  private static let longestNumber = 1000

  /// Whether a switch of this value is off.
  var isOff: Bool {
    switch self {
    case .null: true
    case .bool(let flag): !flag
    case .number(let number): number == 0
    case .string(let text): text.isEmpty || text == "none"
    case .array(let items): items.isEmpty
    case .object(let members): members.isEmpty
    }
  }

  /// A few characters of it, for messages.
  var short: String { short(depth: 2) }

  private func short(depth: Int) -> String {
    switch self {
    case .null: return "null"
    case .bool(let flag): return "\(flag)"
    case .number(let number): return Int(exactly: number).map { "\($0)" } ?? "\(number)"
    case .string(let text): return text
    case .array(let items):
      guard depth > 0 else { return "[…]" }
      return "[\(items.prefix(8).map { $0.short(depth: depth - 1) }.joined(separator: ", "))]"
    case .object(let members):
      guard depth > 0 else { return "{…}" }
      return "{\(members.prefix(8).map { "\($0.key): \($0.value.short(depth: depth - 1))" }.joined(separator: ", "))}"
    }
  }
}

/// A member of an object in another toolkit's configuration.
typealias ForeignMember = (key: String, value: ForeignValue)
