import CKernels

extension Pass {
  /// Returns the row of each sequence's first token: x `[T, D]`, the result `[S, D]`.
  public func firstTokens(of x: Tensor) -> Tensor {
    let y = makeTensor(
      rows: batch.sequenceCount, columns: x.columns, trains: x.trains, firstRow: batch.firstSequence)
    for sequence in 0..<y.rows {
      (y.values + sequence * y.columns).update(from: x.values + batch.offsets[sequence] * x.columns, count: x.columns)
    }
    record(FirstTokensStep(x: x.withoutValues, y: y.withoutValues), output: y)
    return y
  }
}

/// Adds each row's gradient to the row that it was copied from.
private struct FirstTokensStep: BackwardStep {
  let x: Tensor, y: Tensor

  func run(in pass: Pass) {
    guard let dx = x.gradient, let dy = y.gradient else { return }
    for sequence in 0..<y.rows {
      graft_accumulate(dx + pass.batch.offsets[sequence] * x.columns, dy + sequence * y.columns, y.columns, 1)
    }
  }
}
