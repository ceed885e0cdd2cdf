import Foundation
import GraftSupport

/// What a comparison came to: a row for each method and task, and which differences are real.
public struct ComparisonResults: Encodable, Sendable {
  /// The base's name.
  public let base: String
  /// The seeds.
  public let seeds: [UInt64]
  /// A table for each task.
  public let tasks: [TaskResults]
  /// Trainings that failed.
  public let failures: [Failure]
  /// Whether every training that was asked for is there.
  public let isComplete: Bool
  /// The trainings' wall time in seconds, whenever they ran.
  public let seconds: Double
  /// Of the program and its libraries.
  public let versions: [String: String]

  /// One task's table.
  public struct TaskResults: Encodable, Sendable {
    /// The task's name, and its name in texts.
    public let task: String, title: String
    /// The metrics, the main one first.
    public let metrics: [String]
    /// Where the data came from.
    public let data: RunSummary.DataReport
    /// A row a method.
    public let methods: [Row]
    /// The pairs of methods.
    let differences: [PairedBootstrap.Difference]
  }

  /// One method on one task, over its seeds.
  public struct Row: Encodable, Sendable {
    /// The label, and the method's name.
    public let label: String, method: String
    /// How many seeds are there.
    public let runs: Int
    /// Values that train, and all of them.
    public let trainableParameters: Int, totalParameters: Int
    /// The file's size.
    public let adapterBytes: Int
    /// Mean and standard deviation over the seeds; `nil` where it is not defined for one of them.
    public let metrics: [String: Spread?]
    /// The lowest loss in an evaluation, the mean over the seeds.
    public let bestLoss: Spread
    /// Means over the seeds.
    public let trainSeconds: Double, trainSamplesPerSecond: Double, evalSeconds: Double
    /// The largest of the seeds' peaks.
    public let peakMemoryBytes: Int
    /// The first seed's configuration with every value in force, as YAML.
    let configuration: String
    /// The evaluations during training, a list a seed.
    let curves: [[FinishedRun.CurvePoint]]
  }

  /// A mean and how far values lie from it.
  public struct Spread: Encodable, Sendable, Equatable {
    /// The mean.
    public let mean: Double
    /// The standard deviation of the sample; `nil` for one value.
    public let deviation: Double?

    init(_ values: [Double]) {
      let mean = values.reduce(0, +) / Double(values.count)
      self.mean = mean
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      deviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil
    }
  }

  /// A training that failed.
  public struct Failure: Encodable, Sendable {
    /// Which one.
    public let task: String, label: String, seed: UInt64
    /// Why, in one line.
    public let reason: String
  }

  package init(_ configuration: ComparisonConfiguration, runs: [FinishedRun], failures: [Failure]) {
    base = configuration.experiments.first?.base ?? ""
    seeds = configuration.seeds
    self.failures = failures
    seconds = runs.reduce(0) { $0 + $1.summary.wallSeconds }
    versions = RunEnvironment.versions
    isComplete = runs.count == configuration.experiments.count
    tasks = configuration.tasks.compactMap { task in
      let own = runs.filter { $0.summary.task == task }
      guard let first = own.first?.summary else { return nil }
      let groups = configuration.labels.map { label in (label, own.filter { $0.summary.label == label }) }
        .filter { !$0.1.isEmpty }
      let names = [first.mainMetric] + first.metrics.keys.filter { $0 != first.mainMetric }.sorted()
      return TaskResults(
        task: task, title: (try? TaskDefinition.named(task))?.title ?? "own data", metrics: names, data: first.data,
        methods: groups.map { Row(label: $0, runs: $1) },
        differences: Metric(rawValue: first.mainMetric).map { metric in
          PairedBootstrap.differences(groups.map { ($0, $1.map(\.evaluation)) }, metric: metric)
        } ?? [])
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
