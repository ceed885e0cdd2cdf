import Foundation
import GraftSupport
import GraftTensorBoard

/// What a training tells: a line each in `metrics.jsonl`, and curves in an event file for TensorBoard.
final class RunLog {
  private let lines: AppendedFile
  private let events: EventFile
  private let encoder = JSONEncoder()

  init(_ folder: RunFolder, _ configuration: ExperimentConfiguration) throws {
    lines = try AppendedFile(path: folder.metricsPath)
    var hyperParameters = try configurationValues(configuration)
    hyperParameters["output"] = nil  // says where, not how
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

  /// What the kept state came to.
  func append(_ summary: RunSummary) throws {
    var values = curves("final", loss: summary.evalLoss, summary.metrics)
    values["final/trainable_parameters"] = Double(summary.trainableParameters)
    values["final/adapter_bytes"] = Double(summary.adapterBytes)
    values["final/train_samples_per_second"] = summary.trainSamplesPerSecond
    try events.append(values, step: summary.steps)
  }

  /// Says how the training ended.
  func end(_ ending: EventFile.Ending) throws { try events.end(ending) }

  /// A metric that is not defined has no point on its curve.
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
