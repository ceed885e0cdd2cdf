import Foundation
import GraftHarness
import GraftObjectives
import GraftSupport

/// The output of a training run: a header, a progress bar, one row for each evaluation, and a summary.
final class TrainingReport {
  private let toStandardError: Bool
  private let verbose: Bool
  private let quiet: Bool
  private let bar = ProgressBar()
  private var hasTableHeader = false

  /// - Parameters:
  ///   - toStandardError: Whether to print to stderr, so that stdout contains only the JSON.
  ///   - verbose: Whether to list unused tensors, newly initialized parameters, and unrecognized keys.
  ///   - quiet: Whether to print nothing.
  init(toStandardError: Bool, verbose: Bool, quiet: Bool) {
    self.toStandardError = toStandardError
    self.verbose = verbose
    self.quiet = quiet
  }

  /// Prints the header.
  func start(_ header: Experiment.Header) {
    let share = 100 * Double(header.trainableParameters) / Double(header.totalParameters)
    printStatus("Base: \(header.base)")
    for note in header.baseNotes { printStatus("      note: \(note)") }
    printStatus("Data: \(header.data.description)")
    printStatus(
      "      \(grouped(header.trainExamples)) training, \(grouped(header.evalExamples)) evaluation examples"
        + origin(header.evaluation))
    for note in header.notes { printStatus("      \(note)") }
    if header.skipped > 0 {
      printStatus(
        "      \(grouped(header.skipped)) rows skipped because they are empty or lack a field or a label")
    }
    printStatus("      \(labels(header))")
    let missing = header.labels.filter { $0.count == 0 }.map { bare($0.name) }
    if !missing.isEmpty {
      let more = missing.count > 6 ? ", and \(missing.count - 6) more" : ""
      printStatus(
        "      No training examples for \(missing.prefix(6).joined(separator: ", "))\(more): "
          + "the model cannot learn to predict \(missing.count == 1 ? "it" : "them").")
    }
    let lengths = header.lengths
    printStatus(
      "      \(fixed(lengths.mean, 1)) tokens on average, \(grouped(lengths.longest)) at most"
        + (lengths.truncated > 0 ? "; \(grouped(lengths.truncated)) examples truncated" : ""))
    printStatus("Wrapped \(header.wrappedModules) modules with \(header.method).")
    printStatus(
      "Trainable params: \(grouped(header.trainableParameters)) / \(grouped(header.totalParameters)) "
        + "(\(fixed(share, 2))%)")
    printStatus(
      "Workers: \(header.workers) (cores: \(WorkerCount.auto.resolved)), precision \(header.products.precision.rawValue), "
        + "frozen weights by \(header.products.description)")
    guard verbose else { return }
    printStatus("Unused tensors of the base: \(list(header.unusedTensors))")
    printStatus("Initialized from the seed: \(list(header.initialized))")
    printStatus("Unrecognized keys in the base's files: \(list(header.unknownKeys))")
  }

  /// Shows one event of the training run.
  func show(_ event: TrainingEvent) {
    switch event {
    case .step(let step): if !quiet { showProgress(step) }
    case .log: break
    case .evaluation(let evaluation):
      bar.clear()
      let result = evaluation.result
      let names = [result.mainMetric] + result.metrics.keys.filter { $0 != result.mainMetric }.sorted()
      if !hasTableHeader {
        printStatus("")
        printStatus("  step  training loss  validation loss" + names.map { "  " + Metric.title(of: $0) }.joined())
      }
      hasTableHeader = true
      printStatus(
        "\(padded("\(evaluation.step)", 6))\(padded(fixed(evaluation.trainingLoss, 4), 15))"
          + padded(fixed(result.loss, 4), 17)
          + names.map { padded(metricText(result.metrics[$0] ?? nil), Metric.title(of: $0).count + 2) }.joined())
    }
  }

  /// Prints the summary.
  func finish(_ summary: RunSummary, output: String) {
    let best = metricText(summary.best.metrics[summary.mainMetric] ?? nil)
    let lines = [
      "",
      "Trained \(grouped(summary.steps)) steps in \(fixed(summary.trainSeconds, 1)) s "
        + "(\(fixed(summary.trainSamplesPerSecond, 0)) samples/s), "
        + "evaluated at \(fixed(summary.evalSamplesPerSecond, 0)) samples/s.",
      "\(metricsText(summary.metrics, main: summary.mainMetric)), loss \(fixed(summary.evalLoss, 4)); "
        + "best \(Metric.title(of: summary.mainMetric)) \(best) at step \(summary.best.step).",
      "Adapter: \(output)/adapter.safetensors.zst (\(grouped(summary.adapterBytes)) bytes)",
      "Peak memory \(summary.peakMemoryBytes >> 20) MB, \(fixed(summary.wallSeconds, 1)) s in total.",
    ]
    for line in lines { printStatus(line) }
  }

  private func showProgress(_ step: StepReport) {
    let secondsLeft = step.seconds / Double(step.step) * Double(step.totalSteps - step.step)
    bar.show(
      step.step, of: step.totalSteps,
      caption: trainingCaption(step.step, of: step.totalSteps, step, secondsLeft: secondsLeft))
  }

  /// The kind of target, and the labels with their numbers of training examples, the most frequent first.
  private func labels(_ header: Experiment.Header) -> String {
    guard !header.labels.isEmpty else { return header.targets }
    let labels = header.labels.sorted { $0.count > $1.count }
    let shown = labels.prefix(6).map { "\(bare($0.name)) \(grouped($0.count))" }.joined(separator: ", ")
    return "\(header.targets): \(shown)\(labels.count > 6 ? ", and \(labels.count - 6) more" : "")"
  }

  /// Where the evaluation examples come from; empty for the usual file.
  private func origin(_ evaluation: EvaluationOrigin) -> String {
    switch evaluation {
    case .heldOut: return " (held out from the training file)"
    case .memory: return ""
    case .file(let path, let isTest):
      let name = quoted(String(path.split(separator: "/").last ?? ""))
      if isTest { return " (from \(name): there is no dev or validation file)" }
      return name.hasPrefix("'dev.") || name.hasPrefix("'dev_") ? "" : " (from \(name))"
    }
  }

  /// A class's name: short, on one line, and without quotation marks around it unless it contains a comma.
  private func bare(_ name: String) -> String { onOneLine(LabelNames.text([onOneLine(name)]), atMost: 40) }

  private func printStatus(_ line: String) {
    if quiet { return }
    if toStandardError { Console.printToStandardError(line) } else { Console.printStatus(line) }
  }

  private func list(_ names: [String]) -> String { names.isEmpty ? "none" : names.joined(separator: ", ") }
}
