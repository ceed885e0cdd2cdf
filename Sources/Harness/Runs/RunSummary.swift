import Foundation

/// What `summary.json` holds, and `graft train --json` prints. The keys are a promise to scripts.
public struct RunSummary: Codable, Sendable {
  /// The name in reports.
  public let label: String
  /// The method's name.
  public let method: String
  /// The task's name.
  public let task: String
  /// The base's name.
  public let base: String
  /// The run's seed.
  public let seed: UInt64
  /// Values that trained.
  public let trainableParameters: Int
  /// Values of base, one head and adapter.
  public let totalParameters: Int
  /// The adapter file's size.
  public let adapterBytes: Int
  /// Optimizer steps.
  public let steps: Int
  /// From the first batch to the last update, without evaluations.
  public let trainSeconds: Double
  /// Training examples a second of that.
  public let trainSamplesPerSecond: Double
  /// Seconds of the kept state's evaluation.
  public let evalSeconds: Double
  /// Evaluation examples a second of that.
  public let evalSamplesPerSecond: Double
  /// The whole command.
  public let wallSeconds: Double
  /// The process's largest resident size.
  public let peakMemoryBytes: Int
  /// The kept state's mean loss.
  public let evalLoss: Double
  /// The metric that runs are compared by.
  public let mainMetric: String
  /// The kept state's metrics; `nil` where one is not defined.
  public let metrics: [String: Double?]
  /// The best evaluation.
  public let best: Best
  /// Workers that shared each batch.
  public let workers: Int
  /// The numbers that products with frozen weights were made of.
  public let precision: String
  /// The library that made them.
  public let frozenProducts: String
  /// What it learnt from.
  public let data: DataReport
  /// Of the program and its libraries.
  public let versions: [String: String]

  /// The best evaluation of a run.
  public struct Best: Codable, Sendable {
    /// The step it was made after.
    public let step: Int
    /// Its mean loss.
    public let loss: Double
    /// Its metrics; `nil` where one is not defined.
    public let metrics: [String: Double?]
  }

  /// What a run learnt from.
  public struct DataReport: Codable, Sendable {
    /// Where the files were.
    public let source: String
    /// Training examples.
    public let trainExamples: Int
    /// Evaluation examples.
    public let evalExamples: Int
  }

  /// As one JSON object with keys in snake case.
  public func json() throws -> String { try snakeCaseJSON(self) }
}
