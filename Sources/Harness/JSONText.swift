import Foundation
import GraftSupport

/// One JSON object with keys in snake case, sorted: what `--json` prints everywhere; on one line unless `pretty`. Characters
/// that would steer a terminal are escaped within strings.
public func snakeCaseJSON(_ value: some Encodable, pretty: Bool = true) throws -> String {
  let encoder = JSONEncoder()
  encoder.keyEncodingStrategy = .convertToSnakeCase
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
  return visibleJSON(String(decoding: try encoder.encode(value), as: UTF8.self))
}

/// Any JSON, to hand on what was read and to write what is put together.
enum JSONValue: Encodable, Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// The values of a text that was read; a number that is out of range is null.
  init(_ tree: JSONTree) {
    switch tree {
    case .null: self = .null
    case .boolean(let flag): self = .bool(flag)
    case .number: self = tree.double.map(JSONValue.number) ?? .null
    case .string(let text): self = .string(text)
    case .array(let elements): self = .array(elements.map(JSONValue.init))
    case .object(let members):
      self = .object(
        Dictionary(members.map { ($0.name, JSONValue($0.value)) }, uniquingKeysWith: { first, _ in first }))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let bool): try container.encode(bool)
    case .number(let number): try container.encode(number)
    case .string(let string): try container.encode(string)
    case .array(let array): try container.encode(array)
    case .object(let object): try container.encode(object)
    }
  }
}

extension JSONValue {
  /// What it stands for, decoded.
  func decoded<Value: Decodable>() throws -> Value {
    try JSONDecoder().decode(Value.self, from: try JSONEncoder().encode(self))
  }
}
