import Foundation
public import GraftCore
import GraftInference
import GraftSupport
public import GraftTransformer

/// Runs a model over examples without training. Examples are sorted by length, and batches are distributed among the workers.
public struct Evaluator {
  private let predictor: Predictor

  /// Creates an evaluator that uses the workers while it runs.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - workers: The workers that run the forward pass.
  ///   - batchSize: The maximum number of sequences in a batch.
  ///   - bindings: The bindings of the active adapters.
  public init(model: SequenceClassifier, workers: Workers, batchSize: Int, bindings: ParameterBindings) {
    predictor = Predictor(model: model, bindings: bindings, workers: workers, batchSize: batchSize)
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
    predictor.logits(of: examples.texts)
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
