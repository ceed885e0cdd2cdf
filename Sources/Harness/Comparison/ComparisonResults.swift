import Foundation
import GraftObjectives
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
  /// When the results were written, in UTC, such as `2026-05-31T12:00:00Z`.
  public let date: String
  /// The processor on which the results were written.
  public let processor: String
  /// The versions of the program and its libraries.
  public let versions: [String: String]

  /// The results of one task.
  public struct TaskResults: Encodable, Sendable {
    /// The task's name, and the name of its data in reports.
    public let task: String, title: String
    /// The metrics, the main one first.
    public let metrics: [String]
    /// The data of the first run.
    public let data: RunSummary.DataReport
    /// One row per method.
    public let methods: [Row]
    /// The results of the answer that needs no training.
    public let baseline: BaselineRow
    /// The differences between pairs of methods.
    let differences: [PairedBootstrap.Difference]
    /// The number of seeds that the differences lack to be tested; 0 if they are tested.
    public let missingSeeds: Int
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
    /// The training losses, one list per seed.
    let losses: [[FinishedRun.LossPoint]]
    /// The details of the evaluations of all seeds together: each example counts once per seed.
    let details: EvaluationDetails

    /// The number of trainable values as a share of all.
    var trainableShare: Double { Double(trainableParameters) / Double(totalParameters) }
  }

  /// The results of the objective's baseline, which has no trainable values, no file, and no training time.
  public struct BaselineRow: Encodable, Sendable {
    /// The baseline's name, such as `majority`.
    public let label: String
    /// What it predicts.
    public let summary: String
    /// The mean and standard deviation over the seeds, whose training examples may differ; `nil` if undefined for one of them.
    public let metrics: [String: Spread?]
    /// The evaluation loss: mean and standard deviation over the seeds.
    public let loss: Spread
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

  /// A task of a comparison.
  package struct Task {
    let definition: TaskDefinition
    /// The name of its data in reports.
    let title: String

    package init(_ definition: TaskDefinition, title: String) {
      self.definition = definition
      self.title = title
    }
  }

  package init(
    _ configuration: ComparisonConfiguration, tasks: [Task], runs: [FinishedRun], failures: [Failure]
  ) {
    base = configuration.experiments.first?.base ?? ""
    seeds = configuration.seeds
    self.failures = failures
    seconds = runs.reduce(0) { $0 + $1.summary.wallSeconds }
    date = Date().formatted(.iso8601)
    processor = RunEnvironment.processor
    versions = RunEnvironment.versions
    isComplete = runs.count == configuration.experiments.count
    self.tasks = tasks.compactMap { task in
      TaskResults(task, labels: configuration.labels, runs: runs.filter { $0.summary.task == task.definition.name })
    }
  }
}

extension ComparisonResults.TaskResults {
  /// Summarizes the runs of a task; `nil` without any.
  fileprivate init?(_ task: ComparisonResults.Task, labels: [String], runs: [FinishedRun]) {
    guard let first = runs.first else { return nil }
    let objective = task.definition.objective
    let groups = labels.map { label in (label: label, runs: runs.filter { $0.summary.label == label }) }
      .filter { !$0.runs.isEmpty }
    let summary = first.summary
    self.task = task.definition.name
    title = task.title
    metrics = [summary.mainMetric] + summary.metrics.keys.filter { $0 != summary.mainMetric }.sorted()
    data = summary.data
    methods = groups.map { ComparisonResults.Row(label: $0.label, runs: $0.runs, objective: objective) }
    var seen: Set<UInt64> = []
    baseline = ComparisonResults.BaselineRow(runs.filter { seen.insert($0.summary.seed).inserted }.map(\.baseline))
    differences = PairedBootstrap.differences(
      groups.map { ($0.label, $0.runs.map(\.evaluation)) }, objective: objective)
    missingSeeds = max(0, PairedBootstrap.minimumSeeds - (methods.map(\.runs).max() ?? 0))
  }
}

extension ComparisonResults.BaselineRow {
  /// - Parameter results: The results of one run per seed.
  fileprivate init(_ results: [BaselineResult]) {
    label = results[0].name
    summary = results[0].summary
    metrics = ComparisonResults.spreads(results.map(\.metrics))
    loss = .init(results.map(\.loss))
  }
}

extension ComparisonResults.Row {
  fileprivate init(label: String, runs: [FinishedRun], objective: any Objective) {
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
    metrics = ComparisonResults.spreads(summaries.map(\.metrics))
    bestLoss = .init(runs.map { run in run.curve.map(\.loss).min() ?? run.summary.evalLoss })
    trainSeconds = mean(\.trainSeconds)
    evalSeconds = mean(\.evalSeconds)
    trainSamplesPerSecond = mean(\.trainSamplesPerSecond)
    peakMemoryBytes = summaries.map(\.peakMemoryBytes).max() ?? 0
    configuration = runs[0].configuration
    curves = runs.map(\.curve)
    losses = runs.map(\.losses)
    let records = runs.map(\.evaluation).filter { $0.belongs(to: objective) }
    details = objective.details(records.flatMap(\.outputs), records.flatMap(\.targets))
  }
}

extension ComparisonResults {
  /// Returns the mean and deviation of each metric; `nil` if it is undefined for one of the runs.
  fileprivate static func spreads(_ metrics: [[String: Double?]]) -> [String: Spread?] {
    var spreads: [String: Spread?] = [:]
    for name in metrics[0].keys {
      let values = metrics.compactMap { $0[name] ?? nil }
      spreads.updateValue(values.count == metrics.count ? Spread(values) : nil, forKey: name)
    }
    return spreads
  }
}
