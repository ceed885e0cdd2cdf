import CKernels

extension Pass {
  /// In training, sets each element to zero with this probability and divides the others by the keep probability; otherwise
  /// returns `x` itself. The mask is not stored: the backward pass draws it again. (Srivastava et al., 2014.)
  public func dropout(_ x: Tensor, probability: Float) -> Tensor {
    let dropout = nextDropout(probability: probability)
    guard dropout.threshold > 0 else { return x }
    let y = makeTensor(rows: x.rows, columns: x.columns, trains: x.trains, firstRow: x.firstRow)
    graft_dropout_apply(x.values, y.values, x.rows, x.columns, UInt32(x.firstRow), dropout)
    record(DropoutStep(x: x.withoutValues, y: y.withoutValues, dropout: dropout), output: y)
    return y
  }
}

/// `dx += mask dy`.
private struct DropoutStep: BackwardStep {
  let x: Tensor, y: Tensor, dropout: graft_dropout

  func run(in pass: Pass) {
    guard let dx = x.gradient, let dy = y.gradient else { return }
    graft_dropout_accumulate(dy, dx, x.rows, x.columns, UInt32(x.firstRow), dropout)
  }
}
