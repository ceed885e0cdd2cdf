/// A text or a pair of texts, with its target.
public struct Example: Sendable, Equatable {
  /// The text, or the first text of a pair.
  public let text: String
  /// The second text of a pair.
  public let pair: String?
  /// The class or the number to predict.
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

/// The target of an example.
public enum Target: Sendable, Equatable {
  /// A class, counted from 0.
  case label(Int)
  /// A number, for regression.
  case value(Float)

  /// The class; -1 for a number.
  var label: Int { if case .label(let label) = self { label } else { -1 } }
  /// The number; for a class, its index as a number.
  var value: Float {
    switch self {
    case .label(let label): Float(label)
    case .value(let value): value
    }
  }
}
