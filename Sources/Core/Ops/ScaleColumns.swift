import CKernels

extension Pass {
  /// Computes `y = x ⊙ m / n`: multiplies each row of x `[T, C]` by a vector m `[C]` and divides it by a constant n `[C]`.
  ///
  /// - Parameters:
  ///   - x: `[T, C]`.
  ///   - m: `[C]`, which may train.
  ///   - n: C values in the arena; `nil` means ones.
  public func scaleColumns(_ x: Tensor, by m: Tensor, over n: UnsafePointer<Float>? = nil) -> Tensor {
    precondition(m.count == x.columns, "scaleColumns: expected \(x.columns) factors, got \(m.count)")
    let y = makeTensor(rows: x.rows, columns: x.columns, trains: x.trains || m.trains, firstRow: x.firstRow)
    let factors = arena.allocate(x.columns)
    for column in 0..<x.columns { factors[column] = m.values[column] / (n?[column] ?? 1) }
    graft_scale_columns(x.values, factors, y.values, x.rows, x.columns, 0)
    record(ScaleColumnsStep(x: x, m: m, n: n, factors: factors, y: y.withoutValues), output: y)
    return y
  }
}

/// `dx += dy ⊙ m / n`, `dm += sum over rows of dy ⊙ x / n`.
private struct ScaleColumnsStep: BackwardStep {
  let x: Tensor, m: Tensor, n: UnsafePointer<Float>?, factors: UnsafeMutablePointer<Float>, y: Tensor

  func run(in pass: Pass) {
    guard let dy = y.gradient else { return }
    if let dx = x.gradient { graft_scale_columns(dy, factors, dx, x.rows, x.columns, 1) }
    guard let dm = m.gradient else { return }
    let sums = pass.arena.allocateZeroed(x.columns)
    graft_accumulate_product_sums(sums, dy, x.values, x.rows, x.columns)
    for column in 0..<x.columns { dm[column] += sums[column] / (n?[column] ?? 1) }
  }
}

extension Pass {
  /// Returns the Euclidean norm of each row of `W + scale B A`, `[out]`, without a gradient: W `[out, in]`, B `[out, R]`, A
  /// `[R, in]`.
  public func rowNorms(of weight: Tensor, adding b: Tensor, _ a: Tensor, scale: Float) -> UnsafePointer<Float> {
    let norms = arena.allocate(weight.rows)
    let sum = arena.allocate(weight.count)
    sum.update(from: weight.values, count: weight.count)
    multiply(
      weight.rows, weight.columns, a.rows, alpha: scale, b.values, a.values, beta: 1, into: sum)
    computeRowNorms(
      of: sum, columns: weight.columns, into: UnsafeMutableBufferPointer(start: norms, count: weight.rows))
    return UnsafePointer(norms)
  }
}
