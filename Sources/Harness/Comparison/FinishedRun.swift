import Foundation
import GraftSupport

/// The contents of a finished run's folder.
package struct FinishedRun {
  let summary: RunSummary
  /// The configuration with every resolved value, as YAML.
  let configuration: String
  /// The evaluations during training, by increasing step.
  let curve: [CurvePoint]
  /// The kept checkpoint's outputs for every evaluation example, with the targets.
  let evaluation: EvaluationRecord

  /// An evaluation during training.
  struct CurvePoint: Codable, Sendable {
    let step: Int
    let loss: Double
    let metrics: [String: Double?]
  }

  /// Reads a run's folder; `nil` if the run did not finish with this identity, or if its files are damaged.
  package init?(folder: String, identity: String) {
    guard RunIdentity.matches(identity, in: folder) else { return nil }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    func content(_ name: String) throws -> Data { Data(try readFile("\(folder)/\(name)")) }
    guard let summary = try? decoder.decode(RunSummary.self, from: content("summary.json")),
      let evaluation = try? JSONDecoder().decode(EvaluationRecord.self, from: content("evaluation.json")),
      let configuration = try? content("config.yaml"), let log = try? content("metrics.jsonl")
    else { return nil }
    guard summary.isPlausible, evaluation.isPlausible,
      let adapter = FileIdentity(path: "\(folder)/\(RunFolder.adapterName)"), adapter.size == summary.adapterBytes
    else { return nil }
    self.summary = summary
    self.evaluation = evaluation
    self.configuration = String(decoding: configuration, as: UTF8.self)
    curve = String(decoding: log, as: UTF8.self).split(separator: "\n").compactMap { line in
      guard line.contains("\"eval\"") else { return nil }
      let point = try? JSONDecoder().decode(CurvePoint.self, from: Data(line.utf8))
      return point.flatMap { abs($0.loss) < 1e30 ? $0 : nil }
    }
    guard curve.contains(where: { $0.step == summary.best.step }) else { return nil }
  }
}

extension RunSummary {
  /// Whether a run could have written these numbers, so that sums and means of them are safe.
  fileprivate var isPlausible: Bool {
    let counts = [
      trainableParameters, totalParameters, adapterBytes, steps, peakMemoryBytes, workers, data.trainExamples,
    ]
    let measured = [trainSeconds, trainSamplesPerSecond, evalSeconds, evalSamplesPerSecond, wallSeconds, evalLoss]
    let values = measured + (Array(metrics.values) + Array(best.metrics.values)).compactMap { $0 } + [best.loss]
    return (counts + [data.evalExamples]).allSatisfy { (0...1 << 50).contains($0) } && totalParameters > 0
      && values.allSatisfy { abs($0) < 1e30 }
  }
}
