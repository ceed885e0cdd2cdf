/// A method as decoded from a configuration: its name and options in one mapping.
package struct DecodedMethod: Decodable, Sendable {
  package let method: any ParameterEfficientMethod

  package init(from decoder: any Decoder) throws {
    guard let registry = decoder.userInfo[.methodRegistry] as? MethodRegistry else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "the decoder has no method registry; set userInfo[.methodRegistry] to a MethodRegistry"))
    }
    method = try registry.method(from: decoder)
  }
}

/// A method as written to files: `name` and every option with its resolved value.
package struct EncodedMethod: Encodable {
  private let method: any ParameterEfficientMethod

  package init(_ method: any ParameterEfficientMethod) { self.method = method }

  private enum Key: String, CodingKey { case name }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(type(of: method).name, forKey: .name)
    try method.configuration.encode(to: encoder)
  }
}

extension CodingUserInfoKey {
  /// The `userInfo` key of the ``MethodRegistry`` that creates a configuration's method.
  public static let methodRegistry: CodingUserInfoKey = {
    guard let key = CodingUserInfoKey(rawValue: "graft.methodRegistry") else {
      preconditionFailure("the key is not empty")
    }
    return key
  }()
}
