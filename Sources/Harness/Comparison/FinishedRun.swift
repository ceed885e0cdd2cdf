import Foundation
import GraftSupport

/// The contents of a finished run's folder.
package struct FinishedRun {
  let summary: RunSummary
  /// The configuration with every resolved value, as YAML.
  let configuration: String
  /// The evaluations during training, by increasing step.
  let curve: [CurvePoint]
  /// The training losses, by increasing step.
  let losses: [LossPoint]
  /// The results of the objective's baseline on the run's data.
  let baseline: BaselineResult
  /// The kept checkpoint's outputs for every evaluation example, with the targets.
  let evaluation: EvaluationRecord

  /// An evaluation during training.
  struct CurvePoint: Codable, Sendable {
    let step: Int
    let loss: Double
    let metrics: [String: Double?]
  }

  /// The mean training loss since the previous point.
  struct LossPoint: Codable, Sendable {
    let step: Int
    let loss: Double
  }

  /// Reads a run's folder; `nil` if the run did not finish with this identity, or if its files are damaged or those of a version
  /// that wrote no baseline.
  package init?(folder: String, identity: String) {
    guard RunIdentity.matches(identity, in: folder) else { return nil }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    func content(_ name: String) throws -> Data { Data(try readFile("\(folder)/\(name)")) }
    guard let summary = try? decoder.decode(RunSummary.self, from: content("summary.json")),
      let evaluation = try? JSONDecoder().decode(EvaluationRecord.self, from: content("evaluation.json")),
      let configuration = try? content("config.yaml"), let log = try? content("metrics.jsonl")
    else { return nil }
    guard summary.isPlausible, evaluation.isPlausible, let baseline = summary.baseline,
      let adapter = FileIdentity(path: "\(folder)/\(RunFolder.adapterName)"), adapter.size == summary.adapterBytes
    else { return nil }
    self.summary = summary
    self.evaluation = evaluation
    self.configuration = String(decoding: configuration, as: UTF8.self)
    self.baseline = baseline
    let lines = String(decoding: log, as: UTF8.self).split(separator: "\n")
    func points<Point: Decodable>(of event: String, _ loss: (Point) -> Double) -> [Point] {
      lines.compactMap { line in
        guard line.contains("\"\(event)\"") else { return nil }
        return (try? JSONDecoder().decode(Point.self, from: Data(line.utf8))).flatMap {
          abs(loss($0)) < 1e30 ? $0 : nil
        }
      }
    }
    curve = points(of: "eval", \CurvePoint.loss)
    losses = points(of: "train", \LossPoint.loss)
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
    let metrics = Array(metrics.values) + Array(best.metrics.values) + (baseline.map { Array($0.metrics.values) } ?? [])
    let values = measured + metrics.compactMap { $0 } + [best.loss, baseline?.loss ?? 0]
    return (counts + [data.evalExamples]).allSatisfy { (0...1 << 50).contains($0) } && totalParameters > 0
      && values.allSatisfy { abs($0) < 1e30 }
  }
}
