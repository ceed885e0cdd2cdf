import GraftCore

/// DoRA: `y = m / n ⊙ (W + s B A) x + b`, with a trained magnitude m and the row norms n = ||W + s B A|| treated as constants.
///
/// Liu et al., "DoRA: weight-decomposed low-rank adaptation", 2024, equation 5 and section 4.3. As in peft, dropout applies to
/// the input of the whole change, but not to the frozen layer's output y, to which the change is added.
struct DecomposedUpdate: MergeableAttachment {
  let update: LowRankUpdate
  /// m, `[out]`
  let magnitude: Parameter
  /// W, `[out, in]`
  let weight: Parameter

  func forward(_ x: Tensor, output y: Tensor, in pass: Pass) -> Tensor {
    let w = pass.tensor(weight)
    let a = pass.tensor(update.a)
    let b = pass.tensor(update.b)
    let dropped = pass.dropout(x, probability: update.dropout)
    let frozen = pass.linear(dropped, weight: w, bias: nil)
    let low = pass.linear(pass.linear(dropped, weight: a, bias: nil), weight: b, bias: nil)
    let scaled = pass.scaleColumns(
      pass.add(frozen, low, scale: update.scale), by: pass.tensor(magnitude),
      over: pass.rowNorms(of: w, adding: b, a, scale: update.scale))
    return pass.add(pass.add(y, frozen, scale: -1), scaled)
  }

  /// Returns n, `[out]`.
  func mergeConstants(of layer: Linear) -> [Float] {
    rowNorms(of: layer.weight, adding: update.b, update.a, scale: update.scale)
  }

  /// Adds `m / n ⊙ (W + s B A) - W`, so that the result does not depend on other adapters in the change.
  func apply(to change: inout LayerChange, mergeConstants norms: [Float]) {
    let factors = zip(magnitude.values, norms).map { $0 / $1 }
    change.addBase { row, _ in factors[row] - 1 }
    change.addProduct(update.b, update.a, scale: update.scale, rowScales: factors)
  }
}
