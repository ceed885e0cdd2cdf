import Foundation
import GraftHarness
import GraftSupport

/// What a comparison shows: a line for each training, a bar over all of them, the tables in the end.
final class ComparisonReport {
  private let toStandardError: Bool
  private let quiet: Bool
  private let bar = ProgressBar()
  private let start = ContinuousClock.now
  private var (number, count, done) = (0, 1, 0)
  private var title = ""

  init(toStandardError: Bool, quiet: Bool) { (self.toStandardError, self.quiet) = (toStandardError, quiet) }

  func tell(_ event: Comparison.Event) {
    switch event {
    case .data(let task, let notes): for note in notes { say("\(task): \(note)") }
    case .base(let notes): for note in notes { say("note: \(note)") }
    case .begins(let task, let label, let seed, let number, let count):
      self.number = number
      self.count = count
      title = "\(padded("\(number)", "\(count)".count))/\(count)  \(task)  \(label)  seed \(seed)"
    case .training(.step(let step)):
      if !quiet { bar.show(step, of: number, count: count, newlyDone: done, since: start) }
    case .training: break
    case .ends(let summary, let wasThere):
      bar.clear()
      if !wasThere { done += 1 }
      say(
        "\(title): \(metricsText(summary.metrics, main: summary.mainMetric))"
          + (wasThere ? ", finished before" : ", \(fixed(summary.wallSeconds, 1)) s"))
    case .failed(let reason):
      bar.clear()
      done += 1
      say("\(title): failed: \(reason)")
    }
  }

  func end(_ results: ComparisonResults, output: String) {
    for task in results.tasks {
      Console.print("")
      Console.print(
        "\(task.title): \(grouped(task.data.trainExamples)) training, \(grouped(task.data.evalExamples)) evaluation "
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

  private func say(_ line: String) {
    if quiet { return }
    if toStandardError { Console.tell(line) } else { Console.show(line) }
  }
}
