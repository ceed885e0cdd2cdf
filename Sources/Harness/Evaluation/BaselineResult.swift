import GraftObjectives

/// The results of an objective's baseline on the evaluation examples of a run.
public struct BaselineResult: Codable, Sendable, Equatable {
  /// The baseline's name, such as `majority`.
  public let name: String
  /// What it predicts.
  public let summary: String
  /// The mean loss.
  public let loss: Double
  /// The metrics, under the names of the run's metrics; `nil` if undefined.
  public let metrics: [String: Double?]

  /// Evaluates a baseline.
  ///
  /// - Parameters:
  ///   - baseline: The baseline.
  ///   - objective: The objective of the task.
  ///   - result: The evaluation of a model, whose examples are used.
  ///   - others: The evaluations on the task's other splits.
  init(
    _ baseline: Baseline, of objective: any Objective, insteadOf result: EvaluationResult,
    _ others: [(split: String, result: EvaluationResult)]
  ) {
    func metrics(_ outputs: [[Float]], _ targets: [Target]) -> [String: Double?] {
      Dictionary(uniqueKeysWithValues: objective.metrics.map { ($0.name, $0.value(outputs, targets)) })
    }
    func outputs(_ record: EvaluationRecord) -> [[Float]] { baseline.outputs(counts: record.outputs.lazy.map(\.count)) }
    let record = result.record
    let constant = outputs(record)
    name = baseline.name
    summary = baseline.summary
    loss =
      zip(constant, record.targets).reduce(0) { $0 + objective.loss($1.0, $1.1) } / Double(max(1, constant.count))
    self.metrics = allMetrics(
      metrics(constant, record.targets),
      others.map { ($0.split, metrics(outputs($0.result.record), $0.result.record.targets)) })
  }
}

/// Returns the metrics of all evaluation splits. For example, those of the split `dev_mismatched` are named
/// `accuracy_mismatched`.
func allMetrics(_ main: [String: Double?], _ others: [(split: String, metrics: [String: Double?])])
  -> [String: Double?]
{
  var all = main
  for (split, metrics) in others {
    let suffix = split.split(separator: "_").dropFirst().map { "_\($0)" }.joined()
    for (name, value) in metrics { all.updateValue(value, forKey: name + suffix) }
  }
  return all
}
