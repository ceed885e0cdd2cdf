import CKernels

extension Pass {
  /// Returns some columns of a tensor: x `[T, in]`, the result `[T, range.count]`.
  public func columns(_ range: Range<Int>, of x: Tensor) -> Tensor {
    precondition(range.lowerBound >= 0 && range.upperBound <= x.columns, "the range exceeds the \(x.columns) columns")
    let y = makeTensor(rows: x.rows, columns: range.count, trains: x.trains, firstRow: x.firstRow)
    for row in 0..<x.rows {
      (y.values + row * y.columns).update(from: x.values + row * x.columns + range.lowerBound, count: y.columns)
    }
    record(ColumnsStep(x: x.withoutValues, y: y.withoutValues, first: range.lowerBound), output: y)
    return y
  }
}

/// Adds each row's gradient to the columns that it was copied from.
private struct ColumnsStep: BackwardStep {
  let x: Tensor, y: Tensor, first: Int

  func run(in pass: Pass) {
    guard let dx = x.gradient, let dy = y.gradient else { return }
    for row in 0..<y.rows {
      graft_accumulate(dx + row * x.columns + first, dy + row * y.columns, y.columns, 1)
    }
  }
}
