import Foundation
import GraftSupport

/// The results of a comparison: one row per method and task, and the significance of their differences.
public struct ComparisonResults: Encodable, Sendable {
  /// The base model's name.
  public let base: String
  /// The seeds.
  public let seeds: [UInt64]
  /// The results of each task.
  public let tasks: [TaskResults]
  /// The runs that failed.
  public let failures: [Failure]
  /// Whether every configured run has finished.
  public let isComplete: Bool
  /// The sum of the runs' wall times in seconds, including reused runs.
  public let seconds: Double
  /// The versions of the program and its libraries.
  public let versions: [String: String]

  /// The results of one task.
  public struct TaskResults: Encodable, Sendable {
    /// The task's name, and its title in reports.
    public let task: String, title: String
    /// The metrics, the main one first.
    public let metrics: [String]
    /// The data of the first run.
    public let data: RunSummary.DataReport
    /// One row per method.
    public let methods: [Row]
    /// The differences between pairs of methods.
    let differences: [PairedBootstrap.Difference]
  }

  /// The results of one method on one task, over all seeds.
  public struct Row: Encodable, Sendable {
    /// The run's label, and the method's name.
    public let label: String, method: String
    /// The number of finished runs, one per seed.
    public let runs: Int
    /// The number of trainable values, and of all values.
    public let trainableParameters: Int, totalParameters: Int
    /// The adapter file's mean size in bytes.
    public let adapterBytes: Int
    /// The mean and standard deviation over the seeds; `nil` if undefined for one of them.
    public let metrics: [String: Spread?]
    /// The lowest evaluation loss of each seed: mean and standard deviation.
    public let bestLoss: Spread
    /// The training time in seconds, training examples per second, and evaluation time in seconds: means over the seeds.
    public let trainSeconds: Double, trainSamplesPerSecond: Double, evalSeconds: Double
    /// The peak memory in bytes: the maximum over the seeds.
    public let peakMemoryBytes: Int
    /// The first seed's configuration with every resolved value, as YAML.
    let configuration: String
    /// The evaluations during training, one list per seed.
    let curves: [[FinishedRun.CurvePoint]]
  }

  /// A mean with a standard deviation.
  public struct Spread: Encodable, Sendable, Equatable {
    /// The mean.
    public let mean: Double
    /// The sample standard deviation; `nil` for a single value.
    public let deviation: Double?

    init(_ values: [Double]) {
      let mean = values.reduce(0, +) / Double(values.count)
      self.mean = mean
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      deviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil
    }
  }

  /// A run that failed.
  public struct Failure: Encodable, Sendable {
    /// The run's task, label, and seed.
    public let task: String, label: String, seed: UInt64
    /// The error message, one line.
    public let reason: String
  }

  package init(
    _ configuration: ComparisonConfiguration, tasks definitions: [TaskDefinition], runs: [FinishedRun],
    failures: [Failure]
  ) {
    base = configuration.experiments.first?.base ?? ""
    seeds = configuration.seeds
    self.failures = failures
    seconds = runs.reduce(0) { $0 + $1.summary.wallSeconds }
    versions = RunEnvironment.versions
    isComplete = runs.count == configuration.experiments.count
    tasks = definitions.compactMap { definition in
      let task = definition.name
      let taskRuns = runs.filter { $0.summary.task == task }
      guard let first = taskRuns.first?.summary else { return nil }
      let groups = configuration.labels.map { label in (label, taskRuns.filter { $0.summary.label == label }) }
        .filter { !$0.1.isEmpty }
      let names = [first.mainMetric] + first.metrics.keys.filter { $0 != first.mainMetric }.sorted()
      return TaskResults(
        task: task, title: definition.title, metrics: names, data: first.data,
        methods: groups.map { Row(label: $0, runs: $1) },
        differences: PairedBootstrap.differences(
          groups.map { ($0, $1.map(\.evaluation)) }, objective: definition.objective))
    }
  }
}

extension ComparisonResults.Row {
  init(label: String, runs: [FinishedRun]) {
    let summaries = runs.map(\.summary)
    func mean(_ value: (RunSummary) -> Double) -> Double {
      summaries.reduce(0) { $0 + value($1) } / Double(summaries.count)
    }
    self.label = label
    method = summaries[0].method
    self.runs = runs.count
    trainableParameters = summaries[0].trainableParameters
    totalParameters = summaries[0].totalParameters
    adapterBytes = Int(mean { Double($0.adapterBytes) }.rounded())
    var metrics: [String: ComparisonResults.Spread?] = [:]
    for name in summaries[0].metrics.keys {
      let values = summaries.compactMap { $0.metrics[name] ?? nil }
      metrics.updateValue(values.count == summaries.count ? .init(values) : nil, forKey: name)
    }
    self.metrics = metrics
    bestLoss = .init(runs.map { run in run.curve.map(\.loss).min() ?? run.summary.evalLoss })
    trainSeconds = mean(\.trainSeconds)
    evalSeconds = mean(\.evalSeconds)
    trainSamplesPerSecond = mean(\.trainSamplesPerSecond)
    peakMemoryBytes = summaries.map(\.peakMemoryBytes).max() ?? 0
    configuration = runs[0].configuration
    curves = runs.map(\.curve)
  }
}
