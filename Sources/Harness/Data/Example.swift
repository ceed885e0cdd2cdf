/// A text, or a pair of texts, and its class.
public struct Example: Sendable, Equatable {
  /// The text, or the first of a pair.
  public let text: String
  /// The second text of a pair.
  public let pair: String?
  /// The class, from 0.
  public let label: Int

  /// An example by its parts.
  public init(text: String, pair: String? = nil, label: Int) {
    (self.text, self.pair, self.label) = (text, pair, label)
  }
}
