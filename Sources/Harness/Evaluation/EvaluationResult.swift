/// The result of an evaluation.
public struct EvaluationResult: Sendable, Codable, Equatable {
  /// The mean loss of the objective.
  public let loss: Double
  /// The task's metrics by name; a value is `nil` if the metric is undefined for these predictions.
  public let metrics: [String: Double?]
  /// The name of the main metric, by which runs are compared.
  public let mainMetric: String
  /// The number of examples.
  public let examples: Int
  /// The model's outputs, one array per example, with the targets.
  let record: EvaluationRecord
  /// The time from the first batch to the last, in seconds.
  public let seconds: Double

  /// The value of the main metric.
  public var main: Double? { metrics[mainMetric] ?? nil }
  /// The number of examples per second.
  public var samplesPerSecond: Double { seconds > 0 ? Double(examples) / seconds : 0 }
}
