import CKernels

extension Pass {
  /// Inserts the same rows before each sequence's own rows: prefix `[P, D]`, x `[S Q + T, D]`, the result `[S (P + Q) + T, D]`.
  ///
  /// - Parameters:
  ///   - prefix: The rows to insert.
  ///   - x: Each sequence's rows.
  ///   - previous: Q, the number of rows that earlier calls inserted before each sequence; the new rows come after them.
  public func prepend(_ prefix: Tensor, to x: Tensor, after previous: Int) -> Tensor {
    precondition(
      prefix.columns == x.columns && x.rows == batch.tokenCount + batch.sequenceCount * previous,
      "prepend: the shapes do not match")
    let y = makeTensor(
      rows: x.rows + batch.sequenceCount * prefix.rows, columns: x.columns, trains: x.trains || prefix.trains,
      firstRow: x.firstRow)
    let step = PrependStep(prefix: prefix, x: x, y: y, previous: previous)
    step.forEach(in: batch) { from, to, isPrefix, rows in
      let source = isPrefix ? prefix.values : x.values
      (y.values + to * y.columns).update(from: source + from * y.columns, count: rows * y.columns)
    }
    record(step, output: y)
    return y
  }
}

/// Adds each row's gradient to the row that it was copied from; the prefix's gradient is the sum over the sequences.
private struct PrependStep: BackwardStep {
  let prefix: Tensor, x: Tensor, y: Tensor, previous: Int

  /// Calls `body` for each run of rows: the first row in the source, the first row in y, whether the source is the prefix, and
  /// the number of rows.
  func forEach(in batch: PackedBatch, _ body: (_ from: Int, _ to: Int, _ isPrefix: Bool, _ rows: Int) -> Void) {
    for sequence in 0..<batch.sequenceCount {
      let tokens = batch.offsets[sequence + 1] - batch.offsets[sequence]
      let from = batch.offsets[sequence] + sequence * previous
      let to = from + sequence * prefix.rows
      body(from, to, false, previous)
      body(0, to + previous, true, prefix.rows)
      body(from + previous, to + previous + prefix.rows, false, tokens)
    }
  }

  func run(in pass: Pass) {
    guard let dy = y.gradient else { return }
    forEach(in: pass.batch) { from, to, isPrefix, rows in
      guard let gradient = isPrefix ? prefix.gradient : x.gradient else { return }
      graft_accumulate(gradient + from * y.columns, dy + to * y.columns, rows * y.columns, 1)
    }
  }
}
