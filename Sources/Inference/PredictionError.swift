public import GraftSupport

/// An error in the texts for a prediction.
public enum PredictionError: UserError, Equatable {
  /// A single text was given to an adapter for pairs, or a pair to an adapter for single texts.
  case pairs(expected: Bool)

  /// One line: what is wrong and what to do.
  public var description: String {
    switch self {
    case .pairs(true): "the adapter was trained on text pairs; pass the second text with --pair or --pair-column"
    case .pairs(false): "the adapter was trained on single texts; omit the second text"
    }
  }
}
