public import GraftObjectives

/// A text or a pair of texts, with its target.
public struct Example: Sendable, Equatable {
  /// The text, or the first text of a pair.
  public let text: String
  /// The second text of a pair.
  public let pair: String?
  /// What the example teaches.
  public let target: Target

  /// Creates an example with a target.
  public init(text: String, pair: String? = nil, target: Target) {
    self.text = text
    self.pair = pair
    self.target = target
  }

  /// Creates an example of a class, counted from 0.
  public init(text: String, pair: String? = nil, label: Int) {
    self.init(text: text, pair: pair, target: .label(label))
  }
}
