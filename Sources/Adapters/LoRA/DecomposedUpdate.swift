import GraftCore

/// DoRA: `y = m / n ⊙ (W + s B A) x + b`, with the lengths m trained and n = ||W + s B A|| by rows, taken as a constant.
///
/// Liu et al., "DoRA: weight-decomposed low-rank adaptation", 2024, equation 5 and section 4.3. As in peft, dropout acts on
/// the input of both parts, and the frozen part of the answer is left as it is.
struct DecomposedUpdate: MergeableAttachment {
  let update: LowRankUpdate
  /// m, `[out]`
  let magnitude: Parameter
  /// W, `[out, in]`
  let weight: Parameter

  func forward(_ x: Tensor, output y: Tensor, in pass: Pass) -> Tensor {
    let (w, a, b) = (pass.tensor(weight), pass.tensor(update.a), pass.tensor(update.b))
    let dropped = pass.dropout(x, probability: update.dropout)
    let frozen = pass.linear(dropped, weight: w, bias: nil)
    let low = pass.linear(pass.linear(dropped, weight: a, bias: nil), weight: b, bias: nil)
    let scaled = pass.scaleColumns(
      pass.add(frozen, low, scale: update.scale), by: pass.tensor(magnitude),
      over: pass.rowNorms(of: w, adding: b, a, scale: update.scale))
    return pass.add(pass.add(y, frozen, scale: -1), scaled)
  }

  /// n, `[out]`
  func mergeConstants(of layer: Linear) -> [Float] {
    rowNorms(of: layer.weight, adding: update.b, update.a, scale: update.scale)
  }

  /// Adds `m / n ⊙ (W + s B A) - W`, so that it does not matter which other adapters the change holds.
  func apply(to change: inout LayerChange, mergeConstants norms: [Float]) {
    let factors = zip(magnitude.values, norms).map { $0 / $1 }
    change.addBase { row, _ in factors[row] - 1 }
    change.addProduct(update.b, update.a, scale: update.scale, rowScales: factors)
  }
}
