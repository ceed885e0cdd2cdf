import Foundation
public import GraftAdapterFiles
import GraftSupport

/// Runs the training runs of a comparison one by one, each in its own folder, and compares their results.
///
/// A run that has already finished with the same configuration, data, base model, and program is reused.
public struct Comparison: Sendable {
  /// The comparison's configuration.
  public let configuration: ComparisonConfiguration
  private let locator: BaseLocator

  /// Creates a comparison.
  public init(_ configuration: ComparisonConfiguration, locator: BaseLocator = BaseLocator()) {
    self.configuration = configuration
    self.locator = locator
  }

  /// An event reported during a comparison.
  public enum Event: Sendable {
    /// A task's data was found, with notes for the user, one sentence each.
    case data(task: String, notes: [String])
    /// The base model was found, with notes for the user about how its files are read.
    case base(notes: [String])
    /// Run `number` of `count` begins.
    case begins(task: String, label: String, seed: UInt64, number: Int, count: Int)
    /// An event of the current run.
    case training(TrainingEvent)
    /// The current run finished, or was reused because it had already finished.
    case ends(RunSummary, isReused: Bool)
    /// The current run failed; the comparison continues with the next one.
    case failed(String)
    /// The comparison has ended; only the asynchronous versions report this event.
    case finished(ComparisonResults)
  }

  /// Runs the comparison, except for the runs that have already finished.
  ///
  /// - Parameters:
  ///   - isStopped: Called after each step; return `true` to abandon the current run. The results are then those of the
  ///     finished runs.
  ///   - report: Called with each event.
  /// - Returns: The results, which are also written to the comparison's folder together with the reports.
  /// - Throws: `FileError` when the folder cannot be written, ``TaskError`` when a task's data cannot be used. The errors of a
  ///   single run are reported, not thrown.
  public func run(isStopped: () -> Bool = { false }, report: (Event) -> Void = { _ in }) throws -> ComparisonResults {
    var inputs: [String] = []
    var tasks: [ComparisonResults.Task] = []
    for task in configuration.tasks {
      // An error in a task or the base model affects every method, so it is detected before anything is written.
      guard let experiment = configuration.experiments.first(where: { $0.task == task }) else { continue }
      let data = try ExperimentData(experiment)
      inputs += try data.source.paths(of: data.task.files)
      tasks.append(.init(data.task, title: data.source.title))
      report(.data(task: task, notes: data.notes))
    }
    if let experiment = configuration.experiments.first {
      report(
        .base(
          notes: try PretrainedBase.notes(
            inFolder: try locator.folder(of: experiment.base), families: experiment.registries.families
          ).notes))
    }
    try makeFolder(configuration.output)
    for name in ComparisonResults.fileNames {
      _ = try OutputFile("\(configuration.output)/\(name)", apartFrom: inputs)
    }
    let lock = try FolderLock(configuration.output)
    defer { withExtendedLifetime(lock) {} }
    let contents = ContentHashes()
    var runs: [FinishedRun] = []
    var failures: [ComparisonResults.Failure] = []
    for (index, experiment) in configuration.experiments.enumerated() where !isStopped() {
      let seed = experiment.training.seed
      report(
        .begins(
          task: experiment.task, label: experiment.label, seed: seed, number: index + 1,
          count: configuration.experiments.count))
      do {
        let identity = try RunIdentity.of(experiment, locator: locator, contents)
        if let run = FinishedRun(folder: experiment.output, identity: identity) {
          runs.append(run)
          report(.ends(run.summary, isReused: true))
          continue
        }
        RunEnvironment.resetPeakMemory()
        let summary = try Experiment(experiment, locator: locator).run(
          isStopped: isStopped, report: { report(.training($0)) })
        if isStopped() { break }
        try RunIdentity.write(identity, to: experiment.output)
        guard let run = FinishedRun(folder: experiment.output, identity: identity) else {
          throw FileError(
            "cannot read", experiment.output,
            reason: "the run was just written, but its files are missing or damaged; run again")
        }
        runs.append(run)
        report(.ends(summary, isReused: false))
      } catch let error as any UserError {
        failures.append(
          .init(task: experiment.task, label: experiment.label, seed: seed, reason: "\(error)"))
        report(.failed("\(error)"))
      }
    }
    let results = ComparisonResults(configuration, tasks: tasks, runs: runs, failures: failures)
    try results.write(to: configuration.output)
    return results
  }
}
