/// A module's place in the model: the checkpoint's own dotted name without the family prefix.
///
/// `encoder.layer.0.attention.self.query` in BERT, `transformer.layer.0.attention.q_lin` in DistilBERT.
public struct ModulePath: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  /// The dotted name.
  public let description: String
  /// Its parts, outermost first.
  public var components: [Substring] { description.split(separator: ".", omittingEmptySubsequences: false) }

  /// A path by its dotted name.
  public init(_ name: String) { description = name }
  /// A path written in the program.
  public init(stringLiteral value: String) { description = value }

  /// The name of a parameter of this module: `path.weight`.
  public func parameter(_ name: String) -> String { "\(description).\(name)" }
}
