import Foundation

/// A JSON value that can be encoded: read from a file or assembled in code.
package enum JSONValue: Encodable, Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// Converts a parsed JSON tree; a number that is out of range becomes null.
  package init(_ tree: JSONTree) {
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

  package func encode(to encoder: any Encoder) throws {
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
  /// Decodes a value from the JSON.
  package func decoded<Value: Decodable>() throws -> Value {
    try JSONDecoder().decode(Value.self, from: try JSONEncoder().encode(self))
  }
}
