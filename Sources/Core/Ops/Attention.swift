import CKernels

extension Pass {
  /// Computes scaled dot-product attention within each sequence: `softmax(q k^T / sqrt(D / H) + b) v` for each of H heads.
  ///
  /// Vaswani et al., "Attention is all you need", 2017, equation 1; with dropout on the probabilities. The bias b is that of
  /// Raffel et al., 2020, section 2.1; the window is that of Beltagy et al., "Longformer", 2020, section 3.1.
  ///
  /// - Parameters:
  ///   - query: `[T, D]`, or `[S, D]` when only the first token of each sequence is queried.
  ///   - key: `[S P + T, D]`: for each sequence, P prefix rows followed by its own rows.
  ///   - value: `[S P + T, D]`.
  ///   - prefix: P, usually 0.
  ///   - heads: H.
  ///   - bias: b by head and distance, from ``relativeBias(_:buckets:)``, or `nil`. Prefix rows have no bias.
  ///   - window: The largest distance between a query and the keys of its sequence that it sees, or `nil`. Every query sees the
  ///     prefix rows.
  ///   - probability: The dropout probability for attention probabilities, in training.
  /// - Returns: The context, with the shape of `query`.
  public func attention(
    query: Tensor, key: Tensor, value: Tensor, prefix: Int = 0, heads: Int, bias: Tensor? = nil, window: Int? = nil,
    dropout probability: Float
  ) -> Tensor {
    let dropout = nextDropout(probability: probability)
    let context = makeTensor(
      rows: query.rows, columns: query.columns,
      trains: query.trains || key.trains || value.trains || bias?.trains == true, firstRow: query.firstRow)
    let calls = AttentionCalls(
      batch: batch, query: query, prefix: prefix, heads: heads, bias: bias, window: window, dropout: dropout)
    let scratch = arena.allocate(calls.scratchCount)
    let probabilities = arena.allocate(context.trains ? calls.probabilityCount : calls.largestProbabilityCount)
    calls.forEach { call in
      graft_attention(
        call.shape, query.values + call.query, key.values + call.key, value.values + call.key,
        context.values + call.query, probabilities + (context.trains ? call.probabilities : 0), scratch)
    }
    record(
      AttentionStep(
        query: query, key: key, value: value, context: context.withoutValues, prefix: prefix, heads: heads, bias: bias,
        window: window, probabilities: probabilities, dropout: dropout), output: context)
    return context
  }
}

private struct AttentionStep: BackwardStep {
  let query: Tensor, key: Tensor, value: Tensor, context: Tensor, prefix: Int, heads: Int
  let bias: Tensor?, window: Int?
  let probabilities: UnsafeMutablePointer<Float>
  let dropout: graft_dropout

  func run(in pass: Pass) {
    guard let dcontext = context.gradient else { return }
    let calls = AttentionCalls(
      batch: pass.batch, query: query, prefix: prefix, heads: heads, bias: bias, window: window, dropout: dropout)
    // In the order in which the kernel writes them, in case several belong to the same tensor.
    let dvalue = value.gradientToFill(), dquery = query.gradientToFill(), dkey = key.gradientToFill()
    let mark = pass.arena.mark
    defer { pass.arena.rewind(to: mark) }
    let scratch = pass.arena.allocate(calls.scratchCount)
    calls.forEach { call in
      graft_attention_backward(
        call.shape, query.values + call.query, key.values + call.key, value.values + call.key,
        probabilities + call.probabilities, dcontext + call.query, dquery.map { $0.0 + call.query },
        dquery?.isNew == false, dkey.map { $0.0 + call.key }, dkey?.isNew == false, dvalue.map { $0.0 + call.key },
        dvalue?.isNew == false, bias?.gradient.map { $0 + call.bias }, scratch)
    }
  }
}

/// The kernel calls of one attention layer: one for each head of each sequence, the same in the forward and backward pass.
private struct AttentionCalls {
  let batch: PackedBatch
  let query: Tensor
  let prefix: Int
  let heads: Int
  let bias: Tensor?
  let window: Int?
  let dropout: graft_dropout

  init(
    batch: PackedBatch, query: Tensor, prefix: Int, heads: Int, bias: Tensor?, window: Int?, dropout: graft_dropout
  ) {
    self.batch = batch
    self.query = query
    self.prefix = prefix
    self.heads = heads
    self.bias = bias
    self.window = window
    self.dropout = dropout
    if let bias {
      let longest = (0..<batch.sequenceCount).reduce(0) { max($0, tokens(of: $1)) }
      precondition(
        bias.rows == heads && bias.columns >= 2 * longest - 1, "the bias has too few heads or distances")
    }
  }

  struct Call {
    let shape: graft_attention_shape
    /// Offsets of the head's first element in query and context, in key and value, and in the probabilities; of the value for
    /// distance 0 in the bias.
    let query: Int, key: Int, probabilities: Int, bias: Int
  }

  private var queriesFirstTokenOnly: Bool { query.rows == batch.sequenceCount && query.rows != batch.tokenCount }

  private func tokens(of sequence: Int) -> Int { batch.offsets[sequence + 1] - batch.offsets[sequence] }
  private func queries(of sequence: Int) -> Int { queriesFirstTokenOnly ? 1 : tokens(of: sequence) }
  private func keys(of sequence: Int) -> Int { prefix + tokens(of: sequence) }
  private func probabilities(of sequence: Int) -> Int {
    queries(of: sequence) * graft_attention_probability_stride(keys(of: sequence))
  }

  var probabilityCount: Int { (0..<batch.sequenceCount).reduce(0) { $0 + heads * probabilities(of: $1) } }
  var largestProbabilityCount: Int { (0..<batch.sequenceCount).reduce(0) { max($0, probabilities(of: $1)) } }
  var scratchCount: Int {
    (0..<batch.sequenceCount).reduce(0) {
      max($0, graft_attention_scratch(queries(of: $1), keys(of: $1), query.columns / heads))
    }
  }

  func forEach(_ body: (Call) -> Void) {
    let width = query.columns / heads
    var probabilityOffset = 0
    for sequence in 0..<batch.sequenceCount {
      for head in 0..<heads {
        let biasOffset = bias.map { head * $0.columns + $0.columns / 2 } ?? 0
        let shape = graft_attention_shape(
          queries: queries(of: sequence), keys: keys(of: sequence), head_width: width, stride: query.columns,
          prefix: prefix, window: window ?? .max, scale: 1 / Float(width).squareRoot(),
          bias: bias.map { UnsafePointer($0.values + biasOffset) },
          dropout_row: UInt32((batch.firstSequence + sequence) * heads + head),
          dropout: dropout)
        let queryRow = queriesFirstTokenOnly ? sequence : batch.offsets[sequence]
        body(
          Call(
            shape: shape, query: queryRow * query.columns + head * width,
            key: (batch.offsets[sequence] + sequence * prefix) * query.columns + head * width,
            probabilities: probabilityOffset, bias: biasOffset))
        probabilityOffset += probabilities(of: sequence)
      }
    }
  }
}
