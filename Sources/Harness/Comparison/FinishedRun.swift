import Foundation
import GraftSupport

/// A training that is done: what its folder holds.
package struct FinishedRun {
  let summary: RunSummary
  /// Its configuration with every value in force, as YAML.
  let configuration: String
  /// Its evaluations, by rising steps.
  let curve: [CurvePoint]
  /// What the kept state said to each evaluation example, and what was right.
  let evaluation: EvaluationRecord

  /// An evaluation during training.
  struct CurvePoint: Codable, Sendable {
    let step: Int
    let loss: Double
    let metrics: [String: Double?]
  }

  /// Reads a folder, or gives `nil` when it was not finished under this identity, or has been damaged since.
  package init?(folder: String, identity: String) {
    guard RunIdentity.matches(identity, in: folder) else { return nil }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    func content(_ name: String) throws -> Data { Data(try readFile("\(folder)/\(name)")) }
    guard let summary = try? decoder.decode(RunSummary.self, from: content("summary.json")),
      let evaluation = try? JSONDecoder().decode(EvaluationRecord.self, from: content("evaluation.json")),
      let configuration = try? content("config.yaml"), let log = try? content("metrics.jsonl")
    else { return nil }
    guard summary.isSound, evaluation.isSound,
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

/// The outputs of an evaluation and what was right: what a bootstrap draws from.
struct EvaluationRecord: Codable, Sendable, Equatable {
  /// An array of outputs an example.
  let outputs: [[Float]]
  /// The classes, where classes are learnt.
  let labels: [Int]?
  /// The numbers, where numbers are.
  let values: [Float]?

  init(outputs: [[Float]], targets: [Target]) {
    self.outputs = outputs
    let isRegression = if case .value? = targets.first { true } else { false }
    labels = isRegression ? nil : targets.map(\.label)
    values = isRegression ? targets.map(\.value) : nil
  }

  /// Whether it can be what a run wrote: an answer of as many numbers for each target, and classes that are answers.
  var isSound: Bool {
    guard let width = outputs.first?.count, width > 0, outputs.count == targets.count else { return false }
    return outputs.allSatisfy { $0.count == width && $0.allSatisfy(\.isFinite) }
      && (labels ?? []).allSatisfy { outputs[0].indices.contains($0) } && (values ?? []).allSatisfy(\.isFinite)
  }

  var targets: [Target] { labels?.map(Target.label) ?? values?.map(Target.value) ?? [] }
}

extension RunSummary {
  /// Whether its numbers can be what a run wrote, so that means and sums can be taken of them.
  fileprivate var isSound: Bool {
    let counts = [
      trainableParameters, totalParameters, adapterBytes, steps, peakMemoryBytes, workers, data.trainExamples,
    ]
    let measured = [trainSeconds, trainSamplesPerSecond, evalSeconds, evalSamplesPerSecond, wallSeconds, evalLoss]
    let values = measured + (Array(metrics.values) + Array(best.metrics.values)).compactMap { $0 } + [best.loss]
    return (counts + [data.evalExamples]).allSatisfy { (0...1 << 50).contains($0) } && totalParameters > 0
      && values.allSatisfy { abs($0) < 1e30 }
  }
}
