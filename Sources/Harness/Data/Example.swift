/// A text, or a pair of texts, and what it teaches.
public struct Example: Sendable, Equatable {
  /// The text, or the first of a pair.
  public let text: String
  /// The second text of a pair.
  public let pair: String?
  /// Its class or its number.
  public let target: Target

  /// An example by its parts.
  public init(text: String, pair: String? = nil, target: Target) {
    self.text = text
    self.pair = pair
    self.target = target
  }

  /// An example of a class, from 0.
  public init(text: String, pair: String? = nil, label: Int) {
    self.init(text: text, pair: pair, target: .label(label))
  }
}

/// What an example teaches.
public enum Target: Sendable, Equatable {
  /// A class, from 0.
  case label(Int)
  /// A number.
  case value(Float)

  /// The class, or -1 for a number.
  var label: Int { if case .label(let label) = self { label } else { -1 } }
  /// The number, or the class as one.
  var value: Float {
    switch self {
    case .label(let label): Float(label)
    case .value(let value): value
    }
  }
}
