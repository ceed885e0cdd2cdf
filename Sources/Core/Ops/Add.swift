import CKernels

extension Pass {
  /// Computes `y = a + scale b`, elementwise: all `[T, D]`.
  public func add(_ a: Tensor, _ b: Tensor, scale: Float = 1) -> Tensor {
    precondition(a.rows == b.rows && a.columns == b.columns, "add: the shapes must be equal")
    let y = makeTensor(rows: a.rows, columns: a.columns, trains: a.trains || b.trains, firstRow: a.firstRow)
    y.values.update(from: a.values, count: a.count)
    graft_accumulate(y.values, b.values, b.count, scale)
    record(AddStep(a: a.withoutValues, b: b.withoutValues, y: y.withoutValues, scale: scale), output: y)
    return y
  }
}

/// `da += dy`, `db += scale dy`.
private struct AddStep: BackwardStep {
  let a: Tensor, b: Tensor, y: Tensor, scale: Float

  func run(in pass: Pass) {
    guard let dy = y.gradient else { return }
    if let da = a.gradient { graft_accumulate(da, dy, y.count, 1) }
    if let db = b.gradient { graft_accumulate(db, dy, y.count, scale) }
  }
}
