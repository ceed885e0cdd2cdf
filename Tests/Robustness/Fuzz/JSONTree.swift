import GraftSupport

/// A JSON text as a tree that keeps the order of members, allows duplicates, and stores numbers as they are written.
enum JSONTree {
  case object([Member])
  case array([JSONTree])
  case text(String)
  /// A number, true, false, null, or arbitrary text.
  case raw(String)

  /// A member of an object.
  struct Member {
    var key: String
    var value: JSONTree
  }

  /// Parses a valid text.
  init(_ bytes: [UInt8]) {
    var position = 0
    self = Self.parse(bytes, &position)
  }

  private static func parse(_ bytes: [UInt8], _ position: inout Int) -> JSONTree {
    func skip() {
      while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09, 0x2C, 0x3A].contains(bytes[position]) { position += 1 }
    }
    skip()
    guard position < bytes.count else { return .raw("null") }
    switch bytes[position] {
    case UInt8(ascii: "{"):
      position += 1
      var members: [Member] = []
      while true {
        skip()
        guard position < bytes.count, bytes[position] != UInt8(ascii: "}") else { break }
        guard case .text(let key) = parse(bytes, &position) else { break }
        members.append(Member(key: key, value: parse(bytes, &position)))
      }
      position += 1
      return .object(members)
    case UInt8(ascii: "["):
      position += 1
      var items: [JSONTree] = []
      while true {
        skip()
        guard position < bytes.count, bytes[position] != UInt8(ascii: "]") else { break }
        items.append(parse(bytes, &position))
      }
      position += 1
      return .array(items)
    case UInt8(ascii: "\""):
      position += 1
      var text: [UInt8] = []
      while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
        // The seeds contain only escapes of quotation marks and backslashes.
        if bytes[position] == UInt8(ascii: "\\") { position += 1 }
        if position < bytes.count { text.append(bytes[position]) }
        position += 1
      }
      position += 1
      return .text(String(decoding: text, as: UTF8.self))
    default:
      let start = position
      while position < bytes.count, !" \n\r\t,]}".utf8.contains(bytes[position]) { position += 1 }
      return .raw(String(decoding: bytes[start..<position], as: UTF8.self))
    }
  }

  /// The JSON text.
  var bytes: [UInt8] {
    var output: [UInt8] = []
    write(to: &output)
    return output
  }

  private func write(to output: inout [UInt8]) {
    switch self {
    case .raw(let text): output += text.utf8
    case .text(let text): Self.quote(text, to: &output)
    case .array(let items):
      output.append(UInt8(ascii: "["))
      for (index, item) in items.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        item.write(to: &output)
      }
      output.append(UInt8(ascii: "]"))
    case .object(let members):
      output.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        Self.quote(member.key, to: &output)
        output.append(UInt8(ascii: ":"))
        member.value.write(to: &output)
      }
      output.append(UInt8(ascii: "}"))
    }
  }

  private static func quote(_ text: String, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
      case 0..<0x20:
        output += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
      default: output.append(byte)
      }
    }
    output.append(UInt8(ascii: "\""))
  }
}
