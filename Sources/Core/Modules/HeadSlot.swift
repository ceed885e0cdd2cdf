/// The slot of the task head. An adapter may attach a head with a different structure, which replaces the base's head.
///
/// An adapter whose head has the base's structure attaches nothing here; it thaws the parameters of the base's head.
public final class HeadSlot: Slot<any HeadAttachment>, AnySlot, @unchecked Sendable {
  /// `heads`
  public static let kind = "heads"

  /// Creates a slot without attachments.
  public init() { super.init(path: "head", role: .pooler, layer: 0) }

  /// Returns the attached head that a pass uses, or `nil` when it uses the base's head structure.
  public func head(in pass: Pass) -> (any HeadAttachment)? {
    guard let adapter = pass.bindings.headAdapter else { return nil }
    return attachments(in: pass).first { $0.adapter == adapter }?.layer
  }
}

/// A task head whose structure differs from the base's.
///
/// All workers share one object: it holds parameters and constants, and must not change while a pass runs.
public protocol HeadAttachment: Sendable {
  /// Computes logits from the first tokens, `[S, D]` to `[S, C]`.
  ///
  /// - Parameters:
  ///   - x: The hidden state of each sequence's first token after the last block.
  ///   - pooled: Returns the base's pooled vectors, `[S, D]`; may be called only if the base has a pooler.
  ///   - probability: The dropout probability of the base's own head, in training.
  ///   - pass: The current pass.
  func forward(_ x: Tensor, pooled: () -> Tensor, dropout probability: Float, in pass: Pass) -> Tensor
}
