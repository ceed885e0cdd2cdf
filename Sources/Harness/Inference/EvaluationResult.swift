/// What an evaluation found.
public struct EvaluationResult: Sendable, Equatable {
  /// The mean loss: cross-entropy, or squared error where a number is learnt.
  public let loss: Double
  /// The task's metrics by name; `nil` where one is not defined for these answers.
  public let metrics: [String: Double?]
  /// The name of the metric that runs are compared by.
  public let mainMetric: String
  /// The number of examples.
  public let examples: Int
  /// The model's outputs, an array an example, and what was right.
  let record: EvaluationRecord
  /// Seconds from the first batch to the last.
  public let seconds: Double

  /// The value of the metric that runs are compared by.
  public var main: Double? { metrics[mainMetric] ?? nil }
  /// Examples a second.
  public var samplesPerSecond: Double { seconds > 0 ? Double(examples) / seconds : 0 }
}
