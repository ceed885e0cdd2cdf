import CKernels

extension Pass {
  /// Returns the sum of each token's word embedding and, if there are tables, its position and type embeddings: `[T, D]`.
  ///
  /// Positions start at `firstPosition` in every sequence. A padding token has the position before the first one and is not
  /// counted. Vaswani et al., 2017; Devlin et al., 2019; padding: Liu et al., 2019, as in fairseq.
  ///
  /// - Parameters:
  ///   - words: `[V, D]`, by token id.
  ///   - positions: `[longest sequence, D]`, or `nil`.
  ///   - types: `[types, D]`, or `nil`.
  ///   - firstPosition: The row of `positions` for each sequence's first token; at least 1 if there is a padding token.
  ///   - padding: The id of the padding token, or `nil` if all tokens are counted.
  public func embed(
    words: Tensor, positions: Tensor?, types: Tensor?, firstPosition: Int = 0, padding: Int32? = nil
  ) -> Tensor {
    precondition(padding == nil || firstPosition > 0, "a padding token needs a position before the first one")
    let y = makeTensor(
      rows: batch.tokenCount, columns: words.columns,
      trains: words.trains || positions?.trains == true || types?.trains == true, firstRow: batch.firstToken)
    forEachToken(from: firstPosition, padding: padding) { row, id, position, type in
      let out = y.values + row * y.columns
      out.update(from: words.values + id * y.columns, count: y.columns)
      if let positions { graft_accumulate(out, positions.values + position * y.columns, y.columns, 1) }
      if let types { graft_accumulate(out, types.values + type * y.columns, y.columns, 1) }
    }
    record(
      EmbeddingStep(
        words: words, positions: positions, types: types, y: y.withoutValues, firstPosition: firstPosition,
        padding: padding), output: y)
    return y
  }

  /// Calls `body` with each token's row, id, position within its sequence, and type.
  fileprivate func forEachToken(
    from firstPosition: Int, padding: Int32?,
    _ body: (_ row: Int, _ id: Int, _ position: Int, _ type: Int) -> Void
  ) {
    let padding = padding ?? -1  // no token has the id -1
    for sequence in 0..<batch.sequenceCount {
      var next = firstPosition
      for row in batch.offsets[sequence]..<batch.offsets[sequence + 1] {
        let id = batch.ids[row]
        let isCounted = id != padding
        body(row, Int(id), isCounted ? next : firstPosition - 1, Int(batch.typeIDs[row]))
        if isCounted { next += 1 }
      }
    }
  }
}

/// Adds each token's gradient to the embedding rows that it was computed from.
private struct EmbeddingStep: BackwardStep {
  let words: Tensor, positions: Tensor?, types: Tensor?, y: Tensor, firstPosition: Int, padding: Int32?

  func run(in pass: Pass) {
    guard let dy = y.gradient else { return }
    let width = y.columns
    pass.forEachToken(from: firstPosition, padding: padding) { row, id, position, type in
      if let gradient = words.gradient { graft_accumulate(gradient + id * width, dy + row * width, width, 1) }
      if let gradient = positions?.gradient {
        graft_accumulate(gradient + position * width, dy + row * width, width, 1)
      }
      if let gradient = types?.gradient { graft_accumulate(gradient + type * width, dy + row * width, width, 1) }
    }
  }
}
