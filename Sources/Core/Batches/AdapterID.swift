/// The name by which an adapter is known while it sits on a model.
public struct AdapterID: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  /// The name.
  public let description: String
  /// An id by its name.
  public init(_ name: String) { description = name }
  /// An id written in the program.
  public init(stringLiteral value: String) { description = value }
}
