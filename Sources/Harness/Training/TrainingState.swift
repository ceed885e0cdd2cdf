import GraftCore

/// Everything that training needs to continue after a step, with the same bytes as without an interruption.
///
/// The order of the examples and all random numbers follow from the configuration and the step. The state does not identify the
/// configuration; the caller must use the same one.
package struct TrainingState: Equatable, Sendable {
  /// The number of completed steps.
  package var step = 0
  /// The number of examples processed, counting repetitions.
  var samples = 0
  /// The training time in seconds, without evaluations.
  var seconds = 0.0
  /// The losses since the last line of the log.
  var lossSinceLog = MeanLoss()
  /// The losses since the last evaluation.
  var lossSinceEvaluation = MeanLoss()
  /// The best evaluation so far, with the parameters at that step.
  var best: Checkpoint?
  /// The adapter's parameters, in order.
  package var parameters: [[Float]] = []
  /// The state of the optimizer; `nil` before the first step.
  var optimizer: AdamW.State?

  /// An evaluation, with the parameters at that step.
  package struct Checkpoint: Equatable, Sendable {
    let report: EvaluationReport
    let parameters: [[Float]]
  }
}

/// The mean of the losses since the last reset.
struct MeanLoss: Codable, Equatable, Sendable {
  private var sum = 0.0
  private var count = 0

  mutating func add(_ loss: Double) {
    sum += loss
    count += 1
  }

  /// Returns the mean and resets it; 0 if no loss was added.
  mutating func reset() -> Double {
    defer {
      sum = 0
      count = 0
    }
    return count == 0 ? 0 : sum / Double(count)
  }
}

extension Adapter {
  /// Copies of the parameters' values, in order.
  var parameterValues: [[Float]] { parameters.map { Array($0.values) } }

  /// Replaces the parameters' values.
  func setParameters(_ values: [[Float]]) {
    for (parameter, values) in zip(parameters, values) { _ = parameter.values.update(from: values) }
  }
}
