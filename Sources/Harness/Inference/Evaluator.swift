import Foundation
public import GraftCore
public import GraftTransformer

/// Runs a model over examples without training. Examples are sorted by length and batches are split among the workers.
public struct Evaluator {
  private let model: SequenceClassifier
  private let workers: Workers
  private let batchSize: Int
  private let bindings: ParameterBindings

  /// Creates an evaluator that uses the workers while it runs.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - workers: The workers that run the forward pass.
  ///   - batchSize: The maximum number of sequences in a batch.
  ///   - bindings: The bindings of the active adapters.
  public init(model: SequenceClassifier, workers: Workers, batchSize: Int, bindings: ParameterBindings) {
    self.model = model
    self.workers = workers
    self.batchSize = batchSize
    self.bindings = bindings
  }

  /// Computes the loss and the metrics.
  public func evaluate(_ examples: EncodedExamples, metrics: [Metric]) -> EvaluationResult {
    let start = ContinuousClock.now
    let outputs = logits(of: examples)
    let seconds = (ContinuousClock.now - start).seconds
    let losses = zip(outputs, examples.targets).map(loss)
    return EvaluationResult(
      loss: losses.reduce(0, +) / Double(max(1, losses.count)),
      metrics: Dictionary(uniqueKeysWithValues: metrics.map { ($0.rawValue, $0.value(outputs, examples.targets)) }),
      mainMetric: metrics[0].rawValue, examples: examples.count,
      record: EvaluationRecord(outputs: outputs, targets: examples.targets), seconds: seconds)
  }

  /// Returns the logits of each example, in the order of the examples.
  public func logits(of examples: EncodedExamples) -> [[Float]] {
    let model = model
    let bindings = bindings
    return logitsByLength((0..<examples.count).map(examples.length), batchSize: batchSize, workers: workers.count) {
      batches in
      workers.runEach(batches.count, mode: .inference, bindings: bindings, batch: { examples.batch(batches[$0]) }) {
        model.logits(in: $0).toRows()
      }
    }
  }

  private func loss(_ outputs: [Float], _ target: Target) -> Double {
    switch target {
    case .value(let value): return pow(Double(outputs[0]) - Double(value), 2)
    case .label(let label):
      let highest = Double(outputs.max() ?? 0)
      let sum = outputs.reduce(0) { $0 + exp(Double($1) - highest) }
      return log(sum) + highest - Double(outputs[label])
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

extension Duration {
  /// The duration in seconds.
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
