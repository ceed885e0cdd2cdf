/// What a module does, whatever its family calls it. A method's default targets are roles, so one config fits them all.
public enum Role: String, Sendable, CaseIterable, Codable {
  /// An attention's query projection.
  case query
  /// An attention's key projection.
  case key
  /// An attention's value projection.
  case value
  /// The projection of an attention's joined heads.
  case attentionOutput = "attention_output"
  /// The projection up, `[F, D]`.
  case feedForwardIn = "feed_forward_in"
  /// The projection down, `[D, F]`.
  case feedForwardOut = "feed_forward_out"
  /// BERT's projection of the first token's vector, where the pretrained model has it.
  case pooler
  /// An attention as a whole: its keys and values, and its output on the way to the residual sum.
  case attention
  /// A feed-forward as a whole: its output on the way to the residual sum.
  case feedForward = "feed_forward"
  /// The embeddings as a whole.
  case embeddings
}
