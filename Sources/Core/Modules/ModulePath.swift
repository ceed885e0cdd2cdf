/// The path of a module in the model: its dotted name in the checkpoint, without the family prefix.
///
/// `encoder.layer.0.attention.self.query` in BERT, `transformer.layer.0.attention.q_lin` in DistilBERT.
public struct ModulePath: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  /// The dotted name.
  public let description: String
  /// The components, outermost first.
  public var components: [Substring] { description.split(separator: ".", omittingEmptySubsequences: false) }

  /// Creates a path from its dotted name.
  public init(_ name: String) { description = name }
  /// Creates a path from a string literal.
  public init(stringLiteral value: String) { description = value }

  /// Returns the full name of a parameter of this module, such as `path.weight`.
  public func parameter(_ name: String) -> String { "\(description).\(name)" }
}
