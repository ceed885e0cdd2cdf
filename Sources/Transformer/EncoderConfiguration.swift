public import GraftCore

/// The sizes and dropouts of an encoder. Sizes use the letters of `Tensor`: D, H, F, V.
public struct EncoderConfiguration: Sendable, Equatable {
  /// D, the hidden width.
  public var hiddenWidth: Int
  /// The number of blocks.
  public var layerCount: Int
  /// H, the number of attention heads.
  public var headCount: Int
  /// F, the feed-forward width.
  public var feedForwardWidth: Int
  /// V, the number of rows of the word embeddings.
  public var vocabularySize: Int
  /// The number of positions, including those before ``firstPosition``.
  public var positionCount: Int
  /// The padding token's id, if positions start after this id and skip padding tokens, even within a text; `nil` if positions
  /// start at 0 and count every token.
  public var paddingID: Int32?
  /// The number of token types; 0 if the family has none.
  public var typeCount: Int
  /// The constant that layer norms add to the variance.
  public var epsilon: Float
  /// The activation of the feed-forward.
  public var activation: Activation
  /// The dropout probabilities with which the model was trained.
  public var dropouts: BaseDropouts
  /// The standard deviation of a new head's initial values.
  public var headDeviation: Float

  /// Creates a configuration.
  public init(
    hiddenWidth: Int, layerCount: Int, headCount: Int, feedForwardWidth: Int, vocabularySize: Int, positionCount: Int,
    paddingID: Int32? = nil, typeCount: Int = 0, epsilon: Float, activation: Activation, dropouts: BaseDropouts,
    headDeviation: Float
  ) {
    self.hiddenWidth = hiddenWidth
    self.layerCount = layerCount
    self.headCount = headCount
    self.feedForwardWidth = feedForwardWidth
    self.vocabularySize = vocabularySize
    self.positionCount = positionCount
    self.paddingID = paddingID
    self.typeCount = typeCount
    self.epsilon = epsilon
    self.activation = activation
    self.dropouts = dropouts
    self.headDeviation = headDeviation
  }

  /// The position of a sequence's first token.
  public var firstPosition: Int { paddingID.map { Int($0) + 1 } ?? 0 }
  /// The maximum length of a sequence in tokens.
  public var longestSequence: Int { positionCount - firstPosition }
}

/// The dropout probabilities of the base in training.
public struct BaseDropouts: Sendable, Equatable {
  /// Dropout of the embeddings and the feed-forward's output.
  public var hidden: Float
  /// Dropout of the attention's output projection; DistilBERT has none there.
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
