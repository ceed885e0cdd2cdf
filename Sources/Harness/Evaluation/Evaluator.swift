public import GraftCore
import GraftInference
public import GraftObjectives
import GraftSupport
public import GraftTransformer

/// Runs a model over examples without training. Examples are sorted by length, and batches are distributed among the workers.
public struct Evaluator {
  private let predictor: Predictor
  private let objective: any Objective

  /// Creates an evaluator that uses the workers while it runs.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - objective: What it has learned.
  ///   - workers: The workers that run the forward pass.
  ///   - batchSize: The maximum number of sequences in a batch.
  ///   - bindings: The bindings of the active adapters.
  public init(
    model: SequenceClassifier, objective: any Objective, workers: Workers, batchSize: Int, bindings: ParameterBindings
  ) {
    self.objective = objective
    predictor = Predictor(
      model: model, rows: objective.rows, bindings: bindings, workers: workers, batchSize: batchSize)
  }

  /// Computes the loss and the metrics.
  public func evaluate(_ examples: EncodedExamples) -> EvaluationResult {
    let start = ContinuousClock.now
    let outputs = logits(of: examples)
    let seconds = (ContinuousClock.now - start).seconds
    let losses = zip(outputs, examples.targets).map { objective.loss($0, $1) }
    let metrics = objective.metrics
    return EvaluationResult(
      loss: losses.reduce(0, +) / Double(max(1, losses.count)),
      metrics: Dictionary(uniqueKeysWithValues: metrics.map { ($0.name, $0.value(outputs, examples.targets)) }),
      mainMetric: metrics[0].name, examples: examples.count,
      record: EvaluationRecord(outputs: outputs, targets: examples.targets), seconds: seconds)
  }

  /// Returns the logits of each example, in the order of the examples.
  public func logits(of examples: EncodedExamples) -> [[Float]] {
    predictor.logits(of: examples.texts)
  }
}
