/// The slot at the output of an attention or feed-forward layer, before the residual sum and the layer norm.
public final class SubLayerSlot: Slot<any SubLayerAttachment>, AnySlot, @unchecked Sendable {
  /// `sub-layers`
  public static let kind = "sub-layers"

  /// D, the hidden width.
  public let width: Int
  /// The layer norm after the sum.
  public let norm: LayerNorm

  /// Creates a slot without attachments.
  public init(path: ModulePath, role: Role, layer: Int, norm: LayerNorm) {
    self.norm = norm
    width = norm.weight.count
    super.init(path: path, role: role, layer: layer)
  }

  /// Computes `y = LayerNorm(x + dropout(h))`, with the attachments applied to `dropout(h)` first: all `[rows, D]`.
  ///
  /// - Parameters:
  ///   - x: The sub-layer's input, the residual.
  ///   - h: The sub-layer's output.
  ///   - probability: The dropout probability for elements of h, in training.
  ///   - pass: The current pass.
  public func residualNorm(_ x: Tensor, adding h: Tensor, dropout probability: Float, in pass: Pass) -> Tensor {
    pass.byGroup { rows in
      let (x, h) = (rows.of(x), rows.of(h))
      guard attachments(in: pass).contains(where: { pass.bindings.isActive($0.adapter) }) else {
        return pass.residualNorm(x, adding: h, norm, dropout: probability)
      }
      var output = pass.dropout(h, probability: probability)
      forEachActive(in: pass) { output = $1.forward(output, residual: x, norm: norm, in: pass) }
      return pass.residualNorm(x, adding: output, norm)
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
  ///   - norm: The layer norm after the sum.
  ///   - pass: The current pass.
  func forward(_ h: Tensor, residual x: Tensor, norm: LayerNorm, in pass: Pass) -> Tensor
}
