/// The options of a method that has none; every key but its name is refused.
public struct NoOptions: Codable, Sendable, Equatable {
  /// No options.
  public init() {}

  /// Makes sure that there are none.
  public init(from decoder: any Decoder) throws {
    var options = try OptionReader(decoder)
    options.ignore("name")
    try options.finish()
  }

  /// Encodes an empty mapping.
  public func encode(to encoder: any Encoder) throws { _ = encoder.container(keyedBy: NoKeys.self) }

  private enum NoKeys: CodingKey {}
}
