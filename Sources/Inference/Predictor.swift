package import GraftCore
package import GraftTransformer

/// Computes the logits of texts. Texts are sorted by length, and batches are distributed among the workers.
package struct Predictor {
  /// The maximum number of sequences in a batch, unless another one is given.
  package static let defaultBatchSize = 32

  private let model: SequenceClassifier
  private let rows: EncoderRows
  private let bindings: ParameterBindings
  private let workers: Workers
  private let batchSize: Int

  /// Creates a predictor that uses the workers while it runs.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - rows: The tokens for which the head computes logits.
  ///   - bindings: The bindings of the active adapters.
  ///   - workers: The workers that run the forward pass.
  ///   - batchSize: The maximum number of sequences in a batch.
  package init(
    model: SequenceClassifier, rows: EncoderRows, bindings: ParameterBindings, workers: Workers,
    batchSize: Int = Predictor.defaultBatchSize
  ) {
    self.model = model
    self.rows = rows
    self.bindings = bindings
    self.workers = workers
    self.batchSize = batchSize
  }

  /// Returns the logits of each text, in the order of the texts.
  package func logits(of texts: EncodedTexts) -> [[Float]] {
    logitsByLength((0..<texts.count).map(texts.length), batchSize: batchSize, workers: workers.count) {
      run($0[...], of: texts)
    }
  }

  /// Returns the logits of each text, in the order of the texts.
  ///
  /// - Throws: `CancellationError` as soon as `isCancelled` returns `true`; it is called every few batches.
  package func logits(of texts: EncodedTexts, isCancelled: () -> Bool) throws -> [[Float]] {
    try logitsByLength((0..<texts.count).map(texts.length), batchSize: batchSize, workers: workers.count) { batches in
      let stride = Self.batchesBetweenChecks * workers.count
      return try Swift.stride(from: 0, to: batches.count, by: stride).flatMap { first in
        guard !isCancelled() else { throw CancellationError() }
        return run(batches[first..<min(first + stride, batches.count)], of: texts)
      }
    }
  }

  /// The number of batches per worker between two checks for cancellation.
  private static let batchesBetweenChecks = 4

  private func run(_ batches: ArraySlice<[Int]>, of texts: EncodedTexts) -> [[[Float]]] {
    let (model, rows) = (model, rows)
    let first = batches.startIndex
    return workers.runEach(
      batches.count, mode: .inference, bindings: bindings, batch: { texts.batch(batches[first + $0]) }
    ) {
      model.logitsBySequence(of: rows, in: $0)
    }
  }
}

/// Computes the logits of sequences in batches of similar lengths, longest first, and returns them in the original order.
///
/// - Parameters:
///   - lengths: The number of tokens in each sequence.
///   - batchSize: The maximum number of sequences in a batch.
///   - workers: The number of workers that share the batches.
///   - compute: Computes the logits of batches of sequence indices: for each batch, one row per sequence.
/// - Returns: The logits, one row per sequence.
func logitsByLength(
  _ lengths: [Int], batchSize: Int, workers: Int, _ compute: (_ batches: [[Int]]) throws -> [[[Float]]]
) rethrows -> [[Float]] {
  // Enough tokens for products to run at full speed, but few enough for a block's tensors to stay in the cache.
  let maxTokens = min(160, max(32, lengths.reduce(0, +) / (2 * workers)))
  var batches: [[Int]] = []
  var tokens = 0
  for index in lengths.indices.sorted(by: { (lengths[$0], $1) > (lengths[$1], $0) }) {
    tokens += lengths[index]
    if let last = batches.indices.last, tokens <= maxTokens, batches[last].count < batchSize {
      batches[last].append(index)
    } else {
      batches.append([index])
      tokens = lengths[index]
    }
  }
  var logits = [[Float]](repeating: [], count: lengths.count)
  for (indices, rows) in zip(batches, try compute(batches)) {
    for (index, row) in zip(indices, rows) { logits[index] = row }
  }
  return logits
}
