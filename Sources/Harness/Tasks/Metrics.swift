/// What an evaluation found.
public struct EvaluationResult: Sendable, Equatable {
  /// The mean cross-entropy.
  public let loss: Double
  /// The task's metrics by name, each from 0 to 1.
  public let metrics: [String: Double]
  /// The number of examples.
  public let examples: Int
  /// Seconds from the first batch to the last.
  public let seconds: Double

  /// The metric that runs are compared by.
  public var accuracy: Double { metrics["accuracy"] ?? 0 }
  /// Examples a second.
  public var samplesPerSecond: Double { seconds > 0 ? Double(examples) / seconds : 0 }
}

/// The share of rows whose largest logit is the label's.
func accuracy(logits: [[Float]], labels: [Int]) -> Double {
  let right = zip(logits, labels).filter { row, label in
    row.indices.max { row[$0] < row[$1] } == label
  }
  return labels.isEmpty ? 0 : Double(right.count) / Double(labels.count)
}
