/// The output of an attention or a feed-forward, on its way to the residual sum and the layer norm.
public final class SubLayerSlot: Slot<any SubLayerAttachment>, AnySlot, @unchecked Sendable {
  /// `sub-layers`
  public static let kind = "sub-layers"

  /// D, the number of features.
  public let width: Int
  /// The norm behind the sum.
  public let norm: LayerNorm

  /// A sub-layer's output without attachments.
  public init(path: ModulePath, role: Role, layer: Int, norm: LayerNorm) {
    self.norm = norm
    width = norm.weight.count
    super.init(path: path, role: role, layer: layer)
  }

  /// `y = LayerNorm(x + dropout(h))`, with what is attached applied to `dropout(h)` first: all `[rows, D]`.
  ///
  /// - Parameters:
  ///   - x: The sub-layer's input, the residual.
  ///   - h: Its output.
  ///   - probability: Of an element of h to be dropped, in training.
  ///   - pass: The worker's way through the model.
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

/// What a method adds to a sub-layer's output.
///
/// One object serves all workers at once: it holds parameters and numbers, and changes nothing while a pass runs.
public protocol SubLayerAttachment: Sendable {
  /// Takes a sub-layer's output and gives what the residual sum gets in its place.
  ///
  /// - Parameters:
  ///   - h: The output so far, `[rows, D]`; must not be changed in place.
  ///   - x: The sub-layer's input, `[rows, D]`.
  ///   - norm: The layer norm behind the sum.
  ///   - pass: The worker's way through the model.
  func forward(_ h: Tensor, residual x: Tensor, norm: LayerNorm, in pass: Pass) -> Tensor
}
