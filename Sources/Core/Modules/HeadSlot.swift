/// The place of the task head: an adapter may bring one of its own structure, which then answers in place of the base's.
///
/// An adapter whose head has the base's structure attaches nothing here; it thaws the base's parameters.
public final class HeadSlot: Slot<any HeadAttachment>, AnySlot, @unchecked Sendable {
  /// `heads`
  public static let kind = "heads"

  /// A place without attachments.
  public init() { super.init(path: "head", role: .pooler, layer: 0) }

  /// The head of the adapter that answers in a pass, or `nil` where that is the base's.
  public func head(in pass: Pass) -> (any HeadAttachment)? {
    guard let adapter = pass.bindings.answering else { return nil }
    return attachments(in: pass).first { $0.adapter == adapter }?.layer
  }
}

/// A task head with a structure of its own.
///
/// One object serves all workers at once: it holds parameters and numbers, and changes nothing while a pass runs.
public protocol HeadAttachment: Sendable {
  /// Turns the first tokens into logits, `[S, D]` to `[S, C]`.
  ///
  /// - Parameters:
  ///   - x: Each sequence's first token after the last block.
  ///   - pooled: Gives the base's pooled vectors, `[S, D]`; only where the base has a pooler.
  ///   - probability: Of an element to be dropped in the base's own head, in training.
  ///   - pass: The worker's way through the model.
  func forward(_ x: Tensor, pooled: () -> Tensor, dropout probability: Float, in pass: Pass) -> Tensor
}
