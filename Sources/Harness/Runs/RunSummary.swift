import Foundation
import GraftSupport

/// The content of `summary.json`, which `graft train --json` also prints. The keys are stable, so that scripts can rely on them.
public struct RunSummary: Codable, Sendable {
  /// The run's name in reports.
  public let label: String
  /// The method's name.
  public let method: String
  /// The task's name.
  public let task: String
  /// The base model's name.
  public let base: String
  /// The run's seed.
  public let seed: UInt64
  /// The number of trained values.
  public let trainableParameters: Int
  /// The number of values in the base model, one head, and the adapter.
  public let totalParameters: Int
  /// The adapter file's size in bytes.
  public let adapterBytes: Int
  /// The number of optimizer steps.
  public let steps: Int
  /// The training time in seconds, without evaluations.
  public let trainSeconds: Double
  /// The number of training examples per second of training time.
  public let trainSamplesPerSecond: Double
  /// The evaluation time of the kept checkpoint, in seconds.
  public let evalSeconds: Double
  /// The number of evaluation examples per second of evaluation time.
  public let evalSamplesPerSecond: Double
  /// The duration of the whole command, in seconds.
  public let wallSeconds: Double
  /// The peak resident memory of the process, in bytes.
  public let peakMemoryBytes: Int
  /// The mean loss of the kept checkpoint.
  public let evalLoss: Double
  /// The metric that runs are compared by.
  public let mainMetric: String
  /// The metrics of the kept checkpoint; `nil` if undefined.
  public let metrics: [String: Double?]
  /// The best evaluation.
  public let best: Best
  /// The results of the answer that needs no training; absent in files of earlier versions.
  public let baseline: BaselineResult?
  /// The number of workers that shared each batch.
  public let workers: Int
  /// The number format of products with frozen weights.
  public let precision: String
  /// The library that computed these products.
  public let frozenProducts: String
  /// The data of the run.
  public let data: DataReport
  /// The versions of the program and its libraries.
  public let versions: [String: String]
  /// `true` if the run was stopped before its last step; absent otherwise.
  public let interrupted: Bool?

  /// Whether the run was stopped before its last step.
  public var isInterrupted: Bool { interrupted ?? false }

  /// The best evaluation of a run.
  public struct Best: Codable, Sendable {
    /// The number of completed steps.
    public let step: Int
    /// The mean loss.
    public let loss: Double
    /// The metrics; `nil` if undefined.
    public let metrics: [String: Double?]
  }

  /// The data of a run.
  public struct DataReport: Codable, Sendable {
    /// The description of the data source.
    public let source: String
    /// The number of training examples.
    public let trainExamples: Int
    /// The number of evaluation examples.
    public let evalExamples: Int
  }

  /// Returns the summary as one JSON object with keys in snake case.
  public func json() throws -> String { try snakeCaseJSON(self) }
}
