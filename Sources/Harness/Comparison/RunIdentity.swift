import Crypto
import Foundation
import GraftSupport

/// What makes two trainings the same one: configuration, data, base and program.
enum RunIdentity {
  /// The file that marks a finished training; it goes when another one begins in the folder.
  static let name = "identity.txt"

  /// The hash of all that decides what a training gives.
  ///
  /// - Throws: `FileError` or ``TaskError`` when data or base are not there.
  static func of(_ experiment: ExperimentConfiguration, locator: BaseLocator) throws -> String {
    var hash = SHA256()
    var configuration = experiment
    configuration.output = ""
    hash.update(data: Data(try configurationText(configuration).utf8))
    hash.update(data: Data("\(RunEnvironment.version)\n".utf8))
    let task = try ExperimentData.resolve(experiment.task, experiment.data).0
    let source = try DataSource.find(task, path: experiment.data.path)
    for path in source.contents(of: task) {
      let file = try MappedFile(path: path)
      hash.update(data: Data(SHA256.hash(data: Data(file.bytes))))
    }
    let folder = try locator.folder(of: experiment.base)
    for name in [
      "config.json", "model.safetensors", "model.safetensors.index.json", "tokenizer.json", "vocab.txt", "vocab.json",
    ] {
      // A base is large: device, inode, size and time stand for its bytes, as they do for the cached identity.
      hash.update(data: Data("\(name) \(FileIdentity(path: "\(folder)/\(name)").map { "\($0)" } ?? "")\n".utf8))
    }
    return hex(hash.finalize())
  }

  /// Marks a run folder as finished.
  static func write(_ identity: String, to folder: String) throws {
    try writeAtomically(identity + "\n", to: "\(folder)/\(name)")
  }

  /// Whether a run folder was finished under this identity.
  static func matches(_ identity: String, in folder: String) -> Bool {
    (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)) == identity + "\n"
  }
}

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

  /// Reads a folder, or gives `nil` when it was not finished under this identity.
  package init?(folder: String, identity: String) {
    guard RunIdentity.matches(identity, in: folder) else { return nil }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    guard let summary = try? decoder.decode(RunSummary.self, from: Data(contentsOf: Self.url(folder, "summary.json"))),
      let evaluation = try? JSONDecoder().decode(
        EvaluationRecord.self, from: Data(contentsOf: Self.url(folder, "evaluation.json"))),
      let configuration = try? String(contentsOf: Self.url(folder, "config.yaml"), encoding: .utf8),
      let log = try? String(contentsOf: Self.url(folder, "metrics.jsonl"), encoding: .utf8)
    else { return nil }
    (self.summary, self.evaluation, self.configuration) = (summary, evaluation, configuration)
    curve = log.split(separator: "\n").compactMap { line in
      guard line.contains("\"eval\"") else { return nil }
      return try? JSONDecoder().decode(CurvePoint.self, from: Data(line.utf8))
    }
  }

  private static func url(_ folder: String, _ name: String) -> URL { URL(fileURLWithPath: "\(folder)/\(name)") }
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

  var targets: [Target] { labels?.map(Target.label) ?? values?.map(Target.value) ?? [] }
}
