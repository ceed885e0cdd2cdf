public import GraftCore

/// The configuration of an encoder, read from a Hugging Face `config.json`. Sizes use the letters of `Tensor`: D, H, F, V.
public struct EncoderConfiguration: Sendable, Equatable {
  /// The family, which determines the parameter names and the head.
  public let family: EncoderFamily
  /// D, the hidden width.
  public let hiddenWidth: Int
  /// The number of blocks.
  public let layerCount: Int
  /// H, the number of attention heads.
  public let headCount: Int
  /// F, the feed-forward width.
  public let feedForwardWidth: Int
  /// V, the number of rows of the word embeddings.
  public let vocabularySize: Int
  /// The number of rows of the position embeddings.
  public let positionCount: Int
  /// The padding token's id, if positions start after this id and skip padding tokens, even within a text; `nil` if positions
  /// start at 0 and count every token.
  public let paddingID: Int32?
  /// The number of token types; 0 if the family has none.
  public let typeCount: Int
  /// The constant that layer norms add to the variance.
  public let epsilon: Float
  /// The activation of the feed-forward layers.
  public let activation: Activation
  /// The dropout probabilities with which the model was trained.
  public let dropouts: BaseDropouts
  /// The standard deviation of a new head's initial values.
  public let headDeviation: Float
  /// The unknown keys in the file, sorted.
  public let unknownKeys: [String]
  /// Notes for the user about how the file was read.
  public let notes: [String]

  /// The position of a sequence's first token.
  public var firstPosition: Int { paddingID.map { Int($0) + 1 } ?? 0 }
  /// The maximum length of a sequence in tokens.
  public var longestSequence: Int { positionCount - firstPosition }
}

/// The dropout probabilities of the base in training.
public struct BaseDropouts: Sendable, Equatable {
  /// Dropout of the embeddings and of the output of the feed-forward layers.
  public var hidden: Float
  /// Dropout of the output projection of the attention layers; DistilBERT has none there.
  public var attentionOutput: Float
  /// Dropout of the attention probabilities.
  public var attention: Float
  /// Dropout before the classifier.
  public var head: Float

  /// Creates dropouts with separate probabilities.
  public init(hidden: Float, attentionOutput: Float, attention: Float, head: Float) {
    self.hidden = hidden
    self.attentionOutput = attentionOutput
    self.attention = attention
    self.head = head
  }

  /// Creates dropouts with the same probability everywhere.
  public init(all probability: Float) {
    self.init(hidden: probability, attentionOutput: probability, attention: probability, head: probability)
  }
}
