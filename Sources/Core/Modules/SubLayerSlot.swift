/// The slot at the output of an attention or feed-forward layer, before the residual sum, and before the layer norm in post-norm
/// blocks.
public final class SubLayerSlot: Slot<any SubLayerAttachment>, AnySlot, @unchecked Sendable {
  /// `sub-layers`
  public static let kind = "sub-layers"

  /// D, the hidden width.
  public let width: Int
  /// The layer norm after the sum; `nil` if nothing is normalized there, as in pre-norm blocks.
  public let norm: LayerNorm?

  /// Creates a slot without attachments.
  public init(path: ModulePath, role: Role, layer: Int, width: Int, norm: LayerNorm?) {
    self.norm = norm
    self.width = width
    super.init(path: path, role: role, layer: layer)
  }

  /// Computes `y = LayerNorm(x + dropout(h))`, or `y = x + dropout(h)` without a norm, with the attachments applied to
  /// `dropout(h)` first: all `[rows, D]`. The sum and a norm that follows it are one pass over memory.
  ///
  /// - Parameters:
  ///   - x: The sub-layer's input, the residual.
  ///   - h: The sub-layer's output.
  ///   - probability: The dropout probability for elements of h, in training.
  ///   - pass: The current pass.
  public func residual(_ x: Tensor, adding h: Tensor, dropout probability: Float, in pass: Pass) -> Tensor {
    pass.byGroup { rows in
      let (x, h) = (rows.of(x), rows.of(h))
      if let norm, !attachments(in: pass).contains(where: { pass.bindings.isActive($0.adapter) }) {
        return pass.residualNorm(x, adding: h, norm, dropout: probability)
      }
      var output = pass.dropout(h, probability: probability)
      forEachActive(in: pass) { output = $1.forward(output, residual: x, norm: norm, in: pass) }
      return norm.map { pass.residualNorm(x, adding: output, $0) } ?? pass.add(x, output)
    }
  }
}

/// A method's addition to a sub-layer's output.
///
/// All workers share one object: it holds parameters and constants, and must not change while a pass runs.
public protocol SubLayerAttachment: Sendable {
  /// Returns the tensor that is added to the residual instead of the sub-layer's output.
  ///
  /// - Parameters:
  ///   - h: The sub-layer's output so far, `[rows, D]`; must not be changed in place.
  ///   - x: The sub-layer's input, `[rows, D]`.
  ///   - norm: The layer norm after the sum, or `nil`.
  ///   - pass: The current pass.
  func forward(_ h: Tensor, residual x: Tensor, norm: LayerNorm?, in pass: Pass) -> Tensor
}
