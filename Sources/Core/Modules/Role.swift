/// The function of a module, independent of its name in a model family. A method's default targets are roles, so that one
/// configuration works for all families.
public enum Role: String, Sendable, CaseIterable, Codable {
  /// An attention's query projection.
  case query
  /// An attention's key projection.
  case key
  /// An attention's value projection.
  case value
  /// The projection of an attention's concatenated heads.
  case attentionOutput = "attention_output"
  /// The up-projection of a feed-forward, `[F, D]`.
  case feedForwardIn = "feed_forward_in"
  /// The down-projection of a feed-forward, `[D, F]`.
  case feedForwardOut = "feed_forward_out"
  /// BERT's projection of the first token's hidden state, if the pretrained model has it.
  case pooler
  /// A whole attention: its keys and values, and its output before the residual sum.
  case attention
  /// A whole feed-forward: its output before the residual sum.
  case feedForward = "feed_forward"
  /// All embeddings.
  case embeddings
}
