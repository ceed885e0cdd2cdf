import Foundation
import GraftHarness
import GraftSupport

/// What a training shows: a header, a bar while it runs, a row at every evaluation, a summary.
final class TrainingReport {
  private let toStandardError: Bool
  private let verbose: Bool
  private let quiet: Bool
  private let bar = ProgressBar()
  private var rowsBegan = false

  /// - Parameter toStandardError: Leaves stdout to the JSON.
  init(toStandardError: Bool, verbose: Bool, quiet: Bool) {
    self.toStandardError = toStandardError
    self.verbose = verbose
    self.quiet = quiet
  }

  func begin(_ header: Experiment.Header) {
    let share = 100 * Double(header.trainableParameters) / Double(header.totalParameters)
    say("Base: \(header.base)")
    for note in header.baseNotes { say("      note: \(note)") }
    say("Data: \(header.data.description)")
    say(
      "      \(grouped(header.trainExamples)) training, \(grouped(header.evalExamples)) evaluation examples"
        + origin(header.evaluation))
    for note in header.notes { say("      \(note)") }
    if header.skipped > 0 {
      say("      \(grouped(header.skipped)) rows left out, because they are empty or lack a field or a label")
    }
    let most = header.classes.sorted { $0.count > $1.count }
    let shown = most.prefix(6).map { "\(bare($0.name)) \(grouped($0.count))" }.joined(separator: ", ")
    say(
      most.isEmpty
        ? "      a number to learn"
        : "      \(header.classes.count) classes: \(shown)\(most.count > 6 ? ", and \(most.count - 6) more" : "")")
    let without = header.classes.filter { $0.count == 0 }.map { bare($0.name) }
    if !without.isEmpty {
      say(
        "      No training example of \(without.prefix(6).joined(separator: ", "))\(without.count > 6 ? " and \(without.count - 6) more" : ""): it can't be learnt."
      )
    }
    let lengths = header.lengths
    say(
      "      \(fixed(lengths.mean, 1)) tokens on average, \(grouped(lengths.longest)) at most"
        + (lengths.truncated > 0 ? "; \(grouped(lengths.truncated)) examples truncated" : ""))
    say("Wrapped \(header.wrappedModules) modules with \(header.method).")
    say(
      "Trainable params: \(grouped(header.trainableParameters)) / \(grouped(header.totalParameters)) "
        + "(\(fixed(share, 2))%)")
    say(
      "Workers: \(header.workers) (cores: \(WorkerCount.auto.resolved)), precision \(header.products.precision.rawValue), "
        + "frozen weights by \(header.products.description)")
    guard verbose else { return }
    say("Unused tensors of the base: \(list(header.unusedTensors))")
    say("Initialized from the seed: \(list(header.initialized))")
    say("Unknown keys of the base's files: \(list(header.unknownKeys))")
  }

  func tell(_ event: TrainingEvent) {
    switch event {
    case .step(let step): if !quiet { bar.show(step) }
    case .log: break
    case .evaluation(let evaluation):
      bar.clear()
      let result = evaluation.result
      let names = [result.mainMetric] + result.metrics.keys.filter { $0 != result.mainMetric }.sorted()
      if !rowsBegan {
        say("")
        say("  step  training loss  validation loss" + names.map { "  " + Metric.title(of: $0) }.joined())
      }
      rowsBegan = true
      say(
        "\(padded("\(evaluation.step)", 6))\(padded(fixed(evaluation.trainingLoss, 4), 15))"
          + padded(fixed(result.loss, 4), 17)
          + names.map { padded(metricText(result.metrics[$0] ?? nil), Metric.title(of: $0).count + 2) }.joined())
    }
  }

  func end(_ summary: RunSummary, output: String) {
    let best = metricText(summary.best.metrics[summary.mainMetric] ?? nil)
    let lines = [
      "",
      "Trained \(grouped(summary.steps)) steps in \(fixed(summary.trainSeconds, 1)) s "
        + "(\(fixed(summary.trainSamplesPerSecond, 0)) samples/s), "
        + "evaluated at \(fixed(summary.evalSamplesPerSecond, 0)) samples/s.",
      "\(metricsText(summary.metrics, main: summary.mainMetric)), loss \(fixed(summary.evalLoss, 4)); "
        + "best \(Metric.title(of: summary.mainMetric)) \(best) at step \(summary.best.step).",
      "Adapter: \(output)/adapter.safetensors.zst (\(grouped(summary.adapterBytes)) bytes)",
      "Peak memory \(summary.peakMemoryBytes >> 20) MB, \(fixed(summary.wallSeconds, 1)) s in all.",
    ]
    for line in lines { say(line) }
  }

  /// Where the evaluation examples come from, unless it is the usual file.
  private func origin(_ evaluation: EvaluationOrigin) -> String {
    switch evaluation {
    case .heldOut: return " (held out from the training file)"
    case .file(let path, let isTest):
      let name = quoted(String(path.split(separator: "/").last ?? ""))
      if isTest { return " (from \(name): there is no dev or validation file)" }
      return name.hasPrefix("'dev.") || name.hasPrefix("'dev_") ? "" : " (from \(name))"
    }
  }

  /// A class's name: short, on one line, and without quotation marks around it unless it holds a comma.
  private func bare(_ name: String) -> String { onOneLine(LabelNames.text([onOneLine(name)]), atMost: 40) }

  private func say(_ line: String) {
    if quiet { return }
    if toStandardError { Console.tell(line) } else { Console.show(line) }
  }

  private func list(_ names: [String]) -> String { names.isEmpty ? "none" : names.joined(separator: ", ") }
}
