public import GraftCore

/// The rows of hidden states that a caller needs.
public enum EncoderRows: String, Sendable, Codable {
  /// The first token of each sequence, `[S, D]`.
  case firstTokens = "first_tokens"
  /// All tokens, `[T, D]`.
  case all
}

extension EncoderRows {
  /// Joins the rows of each sequence of a batch.
  func bySequence(_ rows: [[Float]], _ batch: PackedBatch) -> [[Float]] {
    guard self == .all else { return rows }
    return (0..<batch.sequenceCount).map { Array(rows[batch.offsets[$0]..<batch.offsets[$0 + 1]].joined()) }
  }
}

/// What all blocks have in common during one pass.
public struct BlockContext {
  /// The dropout probabilities.
  public let dropouts: BaseDropouts
  /// Returns the additive bias of the attention layers for the current group of sequences, or `nil`.
  public let bias: (() -> Tensor)?
}

/// One layer of an encoder: an attention layer and a feed-forward layer with their residual sums.
public protocol EncoderBlock: Sendable {
  /// The attention layer.
  var attention: SelfAttention { get }
  /// The modules, in model order.
  var modules: [Module] { get }

  /// Returns the input of the attention layer for an input of the block: `[T, D]`.
  func attentionInput(_ x: Tensor, in pass: Pass) -> Tensor

  /// Computes the block's output: x `[T, D]` to `[T, D]`, or to `[S, D]` if only the first token of each sequence is needed. In
  /// that case, keys and values are still computed for all tokens, and everything else for one row per sequence.
  func forward(_ x: Tensor, _ rows: EncoderRows, _ context: BlockContext, in pass: Pass) -> Tensor
}
