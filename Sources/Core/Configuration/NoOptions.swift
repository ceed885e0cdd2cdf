/// The configuration of a method without options; every key except `name` is rejected.
public struct NoOptions: Codable, Sendable, Equatable {
  /// Creates an empty configuration.
  public init() {}

  /// Decodes an empty configuration and rejects unknown keys.
  public init(from decoder: any Decoder) throws {
    var options = try OptionReader(decoder)
    options.ignore("name")
    try options.finish()
  }

  /// Encodes an empty mapping.
  public func encode(to encoder: any Encoder) throws { _ = encoder.container(keyedBy: NoKeys.self) }

  private enum NoKeys: CodingKey {}
}
