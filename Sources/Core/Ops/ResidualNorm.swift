import CKernels

extension Pass {
  /// Computes `y = LayerNorm(x + dropout(h))`, or `LayerNorm(x)` without h, in one pass over memory: all `[T, D]`.
  ///
  /// - Parameters:
  ///   - x: The residual.
  ///   - h: A sub-layer's output.
  ///   - weight: The scale, `[D]`.
  ///   - bias: The shift, `[D]`, or `nil`.
  ///   - epsilon: The constant added to the variance.
  ///   - probability: The dropout probability for elements of h, in training.
  public func residualNorm(
    _ x: Tensor, adding h: Tensor? = nil, weight: Tensor, bias: Tensor?, epsilon: Float, dropout probability: Float = 0
  ) -> Tensor {
    let dropout = h == nil ? .none : nextDropout(probability: probability)
    let trains = x.trains || h?.trains == true || weight.trains || bias?.trains == true
    let y = makeTensor(rows: x.rows, columns: x.columns, trains: trains, firstRow: x.firstRow)
    let centered = y.trains ? arena.allocate(y.count) : nil
    let deviation = y.trains ? arena.allocate(y.rows) : nil
    graft_residual_norm(
      x.values, h?.values, weight.values, bias?.values, epsilon, y.values, centered, deviation, y.rows, y.columns,
      UInt32(y.firstRow), dropout)
    if let centered, let deviation {
      record(
        ResidualNormStep(
          x: x.withoutValues, h: h?.withoutValues, weight: weight, bias: bias?.withoutValues, y: y.withoutValues,
          centered: centered, deviation: deviation, dropout: dropout),
        output: y)
    }
    return y
  }
}

extension Pass {
  /// Computes `y = LayerNorm(x + dropout(h))` with a norm's parameters under the pass's bindings.
  public func residualNorm(_ x: Tensor, adding h: Tensor? = nil, _ norm: LayerNorm, dropout probability: Float = 0)
    -> Tensor
  {
    residualNorm(
      x, adding: h, weight: tensor(norm.weight), bias: norm.bias.map(tensor), epsilon: norm.epsilon,
      dropout: probability)
  }
}

private struct ResidualNormStep: BackwardStep {
  let x: Tensor, h: Tensor?, weight: Tensor, bias: Tensor?, y: Tensor
  let centered: UnsafeMutablePointer<Float>, deviation: UnsafeMutablePointer<Float>
  let dropout: graft_dropout

  func run(in pass: Pass) {
    let dx = x.gradientToFill()
    let dh = h?.gradientToFill()
    graft_residual_norm_backward(
      y.gradient, weight.values, centered, deviation, dx?.0, dx?.isNew == false, dh?.0, dh?.isNew == false,
      weight.gradient, bias?.gradient, y.rows, y.columns, UInt32(y.firstRow), dropout)
  }
}
