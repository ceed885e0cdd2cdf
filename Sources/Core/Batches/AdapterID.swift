/// The name that identifies an adapter on a model.
public struct AdapterID: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  /// The name.
  public let description: String
  /// Creates an id from a name.
  public init(_ name: String) { description = name }
  /// Creates an id from a string literal.
  public init(stringLiteral value: String) { description = value }
}
