import Foundation
import GraftSupport
import GraftTensorBoard

/// The log of a run: lines in `metrics.jsonl`, and curves in an event file for TensorBoard.
final class RunLog {
  private let lines: AppendedFile
  private let events: EventFile
  private let encoder = JSONEncoder()

  init(_ folder: RunFolder, _ configuration: ExperimentConfiguration) throws {
    lines = try AppendedFile(path: folder.metricsPath)
    var hyperParameters = try configurationValues(configuration)
    hyperParameters["output"] = nil  // a location, not a hyperparameter
    events = try EventFile(in: folder.path, hyperParameters: hyperParameters)
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  }

  func append(_ line: LogLine) throws {
    try write(line)
    try events.append(
      ["train/loss": line.loss, "train/learning_rate": line.learningRate, "train/grad_norm": line.gradientNorm],
      step: line.step)
  }

  func append(_ evaluation: EvaluationReport) throws {
    let result = evaluation.result
    try write(
      EvaluationLine(step: evaluation.step, epoch: evaluation.epoch, loss: result.loss, metrics: result.metrics))
    try events.append(curves("eval", loss: result.loss, result.metrics), step: evaluation.step)
  }

  /// Logs the results of the kept checkpoint.
  func append(_ summary: RunSummary) throws {
    var values = curves("final", loss: summary.evalLoss, summary.metrics)
    values["final/trainable_parameters"] = Double(summary.trainableParameters)
    values["final/adapter_bytes"] = Double(summary.adapterBytes)
    values["final/train_samples_per_second"] = summary.trainSamplesPerSecond
    try events.append(values, step: summary.steps)
  }

  /// Logs how the run ended.
  func end(_ ending: EventFile.Ending) throws { try events.end(ending) }

  /// Returns the points of a group of curves. An undefined metric has no point.
  private func curves(_ group: String, loss: Double, _ metrics: [String: Double?]) -> [String: Double] {
    var values = ["\(group)/loss": loss]
    for case (let name, let value?) in metrics { values["\(group)/\(name)"] = value }
    return values
  }

  private func write(_ line: some Encodable) throws {
    try lines.append(Array(try encoder.encode(line)) + [UInt8(ascii: "\n")])
  }

  private struct EvaluationLine: Encodable {
    var event = "eval"
    let step: Int
    let epoch: Double
    let loss: Double
    let metrics: [String: Double?]
  }
}
