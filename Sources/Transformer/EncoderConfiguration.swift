public import GraftCore

/// The numbers of an encoder, read from a Hugging Face `config.json`. Sizes are those of the vocabulary of shapes: D, H, F, V.
public struct EncoderConfiguration: Sendable, Equatable {
  /// Which family's names and head the checkpoint has.
  public let family: EncoderFamily
  /// D, the hidden width.
  public let hiddenWidth: Int
  /// The number of blocks.
  public let layerCount: Int
  /// H, the number of attention heads.
  public let headCount: Int
  /// F, the feed-forward width.
  public let feedForwardWidth: Int
  /// V, the number of rows of the word table.
  public let vocabularySize: Int
  /// The number of rows of the position table.
  public let positionCount: Int
  /// The padding token, where positions count from after its id and leave it out, also within a text; `nil` where they count every
  /// token from 0.
  public let paddingID: Int32?
  /// The number of token types; 0 when the family has none.
  public let typeCount: Int
  /// What layer norms add to the variance.
  public let epsilon: Float
  /// The feed-forward's function.
  public let activation: Activation
  /// The dropouts that the model was trained with.
  public let dropouts: BaseDropouts
  /// The standard deviation of the values that a new head starts with.
  public let headDeviation: Float
  /// Keys of the file that are not known, sorted.
  public let unknownKeys: [String]
  /// What a user should know about how the file was read.
  public let notes: [String]

  /// The row of the first token's position.
  public var firstPosition: Int { paddingID.map { Int($0) + 1 } ?? 0 }
  /// The longest sequence, in tokens.
  public var longestSequence: Int { positionCount - firstPosition }
}

/// The probabilities with which the base drops elements in training.
public struct BaseDropouts: Sendable, Equatable {
  /// Of the embeddings and the feed-forward's output.
  public var hidden: Float
  /// Of the attention's output projection (DistilBERT drops nothing there).
  public var attentionOutput: Float
  /// Of the attention's probabilities.
  public var attention: Float
  /// In front of the classifier.
  public var head: Float

  /// Dropouts one by one.
  public init(hidden: Float, attentionOutput: Float, attention: Float, head: Float) {
    self.hidden = hidden
    self.attentionOutput = attentionOutput
    self.attention = attention
    self.head = head
  }

  /// One probability everywhere.
  public init(all probability: Float) {
    self.init(hidden: probability, attentionOutput: probability, attention: probability, head: probability)
  }
}
