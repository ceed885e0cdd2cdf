/// The function of a module, independent of its name in a model family. A method's default targets are roles, so that one
/// configuration works for all families.
public enum Role: String, Sendable, CaseIterable, Codable {
  /// The query projection of an attention layer.
  case query
  /// The key projection of an attention layer.
  case key
  /// The value projection of an attention layer.
  case value
  /// A fused projection to the queries, keys, and values of an attention layer.
  case queryKeyValue = "query_key_value"
  /// The projection of the concatenated heads of an attention layer.
  case attentionOutput = "attention_output"
  /// The up-projection of a feed-forward layer, `[F, D]`.
  case feedForwardIn = "feed_forward_in"
  /// The range of the up-projection of a gated feed-forward layer that the activation is applied to, `[F, D]`.
  case feedForwardActivated = "feed_forward_activated"
  /// The range of the up-projection of a gated feed-forward layer that is multiplied with the activated one, `[F, D]`.
  case feedForwardGate = "feed_forward_gate"
  /// The down-projection of a feed-forward layer, `[D, F]`.
  case feedForwardOut = "feed_forward_out"
  /// BERT's projection of the first token's hidden state, if the pretrained model has it.
  case pooler
  /// A whole attention layer: its keys and values, and its output before the residual sum.
  case attention
  /// A whole feed-forward layer: its output before the residual sum.
  case feedForward = "feed_forward"
  /// All embeddings.
  case embeddings
}
