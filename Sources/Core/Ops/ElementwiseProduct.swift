import CKernels

extension Pass {
  /// Computes `y = a ⊙ b`, elementwise: all `[T, F]`.
  public func elementwiseProduct(_ a: Tensor, _ b: Tensor) -> Tensor {
    precondition(a.rows == b.rows && a.columns == b.columns, "elementwiseProduct: the shapes must be equal")
    let y = makeTensor(rows: a.rows, columns: a.columns, trains: a.trains || b.trains, firstRow: a.firstRow)
    graft_scale_columns(a.values, b.values, y.values, 1, a.count, 0)
    record(ElementwiseProductStep(a: a, b: b, y: y.withoutValues), output: y)
    return y
  }
}

/// `da += dy ⊙ b`, `db += dy ⊙ a`.
private struct ElementwiseProductStep: BackwardStep {
  let a: Tensor, b: Tensor, y: Tensor

  func run(in pass: Pass) {
    guard let dy = y.gradient else { return }
    if let da = a.gradient { graft_accumulate_product_sums(da, dy, b.values, 1, y.count) }
    if let db = b.gradient { graft_accumulate_product_sums(db, dy, a.values, 1, y.count) }
  }
}
