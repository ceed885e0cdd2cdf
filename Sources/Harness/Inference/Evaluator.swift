import Foundation
public import GraftCore
public import GraftTransformer

/// Runs a model over examples without training: sorted by length, in batches split among the workers.
public struct Evaluator {
  private let model: SequenceClassifier
  private let workers: Workers
  private let batchSize: Int
  private let active: [AdapterID]?

  /// An evaluator that borrows the workers while it runs.
  ///
  /// - Parameters:
  ///   - model: The base with what sits on it.
  ///   - workers: Who does the work.
  ///   - batchSize: Sequences in a batch.
  ///   - active: The adapters that take part; `nil`: all that sit on the model.
  public init(model: SequenceClassifier, workers: Workers, batchSize: Int, active: [AdapterID]? = nil) {
    (self.model, self.workers, self.batchSize, self.active) = (model, workers, batchSize, active)
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
    let bindings = model.base.bindings(active: active)
    let model = model
    return answersByLength(examples.encodings.map(\.ids.count), batchSize: batchSize) { indices in
      let parts = workers.run(examples.batch(indices), mode: .inference, bindings: bindings) { pass, _ in
        model.logits(in: pass).toRows()
      }
      return Array(parts.joined())
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

/// Asks in batches of like lengths, and gives the answers in the order of the questions.
///
/// - Parameters:
///   - lengths: Tokens of each question.
///   - batchSize: Questions in a batch.
///   - ask: Answers the questions of these numbers, a row each.
func answersByLength(_ lengths: [Int], batchSize: Int, _ ask: (_ indices: ArraySlice<Int>) -> [[Float]]) -> [[Float]] {
  var answers = [[Float]](repeating: [], count: lengths.count)
  let byLength = lengths.indices.sorted { lengths[$0] < lengths[$1] }
  for start in stride(from: 0, to: byLength.count, by: batchSize) {
    let indices = byLength[start..<min(start + batchSize, byLength.count)]
    for (index, row) in zip(indices, ask(indices)) { answers[index] = row }
  }
  return answers
}

extension Duration {
  /// As a number of seconds.
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
