import Foundation
import GraftSupport

/// Runs the trainings of a comparison one after the other, each in a folder of its own, and tells them against each other.
///
/// A training that was finished before, with the same configuration, data, base and program, is taken as it is.
public struct Comparison {
  /// What is compared.
  public let configuration: ComparisonConfiguration
  private let locator: BaseLocator

  /// A comparison that has not begun.
  public init(_ configuration: ComparisonConfiguration, locator: BaseLocator = BaseLocator()) {
    self.configuration = configuration
    self.locator = locator
  }

  /// What a comparison tells while it runs.
  public enum Event: Sendable {
    /// The data of a task was found: what people should know about it, a sentence each.
    case data(task: String, notes: [String])
    /// The base was found: what people should know about how its files are read.
    case base(notes: [String])
    /// A training begins: which one of how many.
    case begins(task: String, label: String, seed: UInt64, number: Int, count: Int)
    /// Something happens in it.
    case training(TrainingEvent)
    /// It is done, or was before.
    case ends(RunSummary, wasThere: Bool)
    /// It failed; the others go on.
    case failed(String)
  }

  /// Runs what is not there yet.
  ///
  /// - Parameters:
  ///   - isStopped: Asked after every step; when it says yes, the training in progress is left and the results are those of
  ///     the finished ones.
  ///   - report: Called with everything that happens.
  /// - Returns: The results; written to the comparison's folder too, with the reports.
  /// - Throws: `FileError` when the folder can't be written, ``TaskError`` when a task's data can't be used. What goes wrong in
  ///   a training is reported, not thrown.
  public func run(isStopped: () -> Bool = { false }, report: (Event) -> Void = { _ in }) throws -> ComparisonResults {
    var inputs: [String] = []
    for task in configuration.tasks {
      // What is wrong with a task or the base is wrong for every method: said before anything is written.
      guard let one = configuration.experiments.first(where: { $0.task == task }) else { continue }
      let data = try ExperimentData(one)
      inputs += try data.source.contents(of: data.task)
      report(.data(task: task, notes: data.notes))
    }
    if let one = configuration.experiments.first {
      report(.base(notes: try PretrainedBase.notes(inFolder: try locator.folder(of: one.base)).notes))
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
          report(.ends(run.summary, wasThere: true))
          continue
        }
        RunEnvironment.forgetPeakMemory()
        let summary = try Experiment(experiment, locator: locator).run(
          isStopped: isStopped, report: { report(.training($0)) })
        if isStopped() { break }
        try RunIdentity.write(identity, to: experiment.output)
        guard let run = FinishedRun(folder: experiment.output, identity: identity) else {
          throw FileError("cannot read", experiment.output, reason: "the run just written is not there")
        }
        runs.append(run)
        report(.ends(summary, wasThere: false))
      } catch let error as any UserError {
        failures.append(
          .init(task: experiment.task, label: experiment.label, seed: seed, reason: "\(error)"))
        report(.failed("\(error)"))
      }
    }
    let results = ComparisonResults(
      configuration, runs: runs, failures: failures)
    try results.write(to: configuration.output)
    return results
  }
}
