import Foundation
public import GraftCore
public import GraftTransformer

/// Runs a model over examples without training: sorted by length, in batches split among the workers.
public struct Evaluator {
  private let model: SequenceClassifier
  private let workers: Workers
  private let batchSize: Int
  private let bindings: ParameterBindings

  /// An evaluator that borrows the workers while it runs.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - workers: Who does the work.
  ///   - batchSize: Sequences in a batch.
  ///   - bindings: The bindings of the active adapters.
  public init(model: SequenceClassifier, workers: Workers, batchSize: Int, bindings: ParameterBindings) {
    self.model = model
    self.workers = workers
    self.batchSize = batchSize
    self.bindings = bindings
  }

  /// Loss and metrics.
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

  /// Each example's logits, in the examples' order.
  public func logits(of examples: EncodedExamples) -> [[Float]] {
    let model = model
    let bindings = bindings
    return answersByLength((0..<examples.count).map(examples.length), batchSize: batchSize, workers: workers.count) {
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

/// Asks in batches of like lengths, the longest first, and gives the answers in the order of the questions.
///
/// - Parameters:
///   - lengths: Tokens of each question.
///   - batchSize: Questions in a batch, at most.
///   - workers: How many share the batches.
///   - ask: Answers the questions of these numbers, batch by batch, a row each.
func answersByLength(
  _ lengths: [Int], batchSize: Int, workers: Int, _ ask: (_ batches: [[Int]]) throws -> [[[Float]]]
) rethrows -> [[Float]] {
  // Enough tokens for a product to run at its full rate, few enough for a block's tensors to stay in the cache.
  let room = min(160, max(32, lengths.reduce(0, +) / (2 * workers)))
  var batches: [[Int]] = []
  var tokens = 0
  for index in lengths.indices.sorted(by: { (lengths[$0], $1) > (lengths[$1], $0) }) {
    tokens += lengths[index]
    if let last = batches.indices.last, tokens <= room, batches[last].count < batchSize {
      batches[last].append(index)
    } else {
      batches.append([index])
      tokens = lengths[index]
    }
  }
  var answers = [[Float]](repeating: [], count: lengths.count)
  for (indices, rows) in zip(batches, try ask(batches)) {
    for (index, row) in zip(indices, rows) { answers[index] = row }
  }
  return answers
}

extension Duration {
  /// As a number of seconds.
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
