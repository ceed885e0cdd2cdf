import Foundation
import GraftHarness
import GraftSupport

/// The output of a comparison: one line for each training run, a progress bar for all of them, and the tables at the end.
final class ComparisonReport {
  private let toStandardError: Bool
  private let quiet: Bool
  private let bar = ProgressBar()
  private let start = ContinuousClock.now
  /// The number of the current training run, from 1.
  private var number = 0
  private var count = 1
  /// Training runs that finished or failed in this process, without those that had finished earlier.
  private var endedRuns = 0
  private var title = ""

  /// - Parameters:
  ///   - toStandardError: Whether to print to stderr, so that stdout contains only the JSON.
  ///   - quiet: Whether to print only the tables.
  init(toStandardError: Bool, quiet: Bool) {
    self.toStandardError = toStandardError
    self.quiet = quiet
  }

  /// Shows one event of the comparison.
  func show(_ event: Comparison.Event) {
    switch event {
    case .data(let task, let notes): for note in notes { printStatus("\(task): \(note)") }
    case .base(let notes): for note in notes { printStatus("note: \(note)") }
    case .begins(let task, let label, let seed, let number, let count):
      self.number = number
      self.count = count
      title = "\(padded("\(number)", "\(count)".count))/\(count)  \(task)  \(label)  seed \(seed)"
    case .training(.step(let step)): if !quiet { showProgress(step) }
    case .training, .finished: break
    case .ends(let summary, let wasFinished):
      bar.clear()
      if !wasFinished { endedRuns += 1 }
      printStatus(
        "\(title): \(metricsText(summary.metrics, main: summary.mainMetric))"
          + (wasFinished ? ", already finished" : ", \(fixed(summary.wallSeconds, 1)) s"))
    case .failed(let reason):
      bar.clear()
      endedRuns += 1
      printStatus("\(title): failed: \(reason)")
    }
  }

  /// Prints the tables and where the report is.
  func finish(_ results: ComparisonResults, output: String) {
    for task in results.tasks {
      Console.print("")
      Console.print(
        "\(visible(task.title)): \(grouped(task.data.trainExamples)) training, \(grouped(task.data.evalExamples)) evaluation "
          + "examples, \(results.seeds.count) seed\(results.seeds.count == 1 ? "" : "s")")
      Console.print("")
      let cells = ComparisonResults.table(task).map { $0.map { visible($0) } }
      let widths = cells[0].indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
      for row in cells {
        let columns = zip(row, widths).enumerated().map { $0 == 0 ? filled($1.0, $1.1) : padded($1.0, $1.1) }
        Console.print("  " + columns.joined(separator: "  "))
      }
      let findings = ComparisonResults.findings(task)
      if !findings.isEmpty { Console.print("") }
      for finding in findings { Console.print("  \(finding)") }
    }
    if !results.failures.isEmpty { for line in ["", "Failed:"] { Console.print(line) } }
    for failure in results.failures {
      Console.print("  \(failure.label) on \(failure.task), seed \(failure.seed): \(failure.reason)")
    }
    if quiet { return }
    Console.print("")
    Console.print("Report: \(output)/report.html (also report.md, results.json, results.csv)")
  }

  /// Draws the bar, in which each training run is an equal part.
  private func showProgress(_ step: StepReport) {
    let partOfRun = Double(step.step) / Double(step.totalSteps)
    let elapsed = ContinuousClock.now - start
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    let secondsPerRun = seconds / max(Double(endedRuns) + partOfRun, 1e-3)
    let remainingRuns = Double(count - number) + 1 - partOfRun
    bar.show(
      (number - 1) * step.totalSteps + step.step, of: count * step.totalSteps,
      caption: trainingCaption(number, of: count, step, secondsLeft: secondsPerRun * remainingRuns))
  }

  private func printStatus(_ line: String) {
    if quiet { return }
    if toStandardError { Console.printToStandardError(line) } else { Console.printStatus(line) }
  }
}
