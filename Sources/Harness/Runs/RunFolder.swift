import Foundation
import GraftSupport

/// The folder that one training leaves: `config.yaml`, `metrics.jsonl`, `summary.json`, `adapter.safetensors.zst`.
public struct RunFolder: Sendable {
  /// Where it is.
  public let path: String

  /// The adapter's place.
  public var adapterPath: String { "\(path)/adapter.safetensors.zst" }

  /// Makes the folder and proves that it can be written to, before any work is done.
  ///
  /// - Throws: `FileError`.
  public init(path: String) throws {
    self.path = path
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw FileError("cannot make the folder", path, reason: (error as NSError).underlyingReason)
    }
    // What an earlier run left must not be taken for this one's.
    for name in ["summary.json", "metrics.jsonl", "adapter.safetensors.zst"] {
      try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
    }
    try writeAtomically("", to: "\(path)/metrics.jsonl")
  }

  /// Writes the configuration with every value in force.
  func write(_ configuration: ExperimentConfiguration) throws {
    try writeAtomically(configurationText(configuration), to: "\(path)/config.yaml")
  }

  /// Writes the summary.
  func write(_ summary: RunSummary) throws { try writeAtomically(summary.json() + "\n", to: "\(path)/summary.json") }
}

extension NSError {
  /// The system's own words for a file operation that failed.
  fileprivate var underlyingReason: String {
    let error = (userInfo[NSUnderlyingErrorKey] as? NSError) ?? self
    return error.domain == NSPOSIXErrorDomain
      ? String(cString: strerror(Int32(error.code))) : error.localizedDescription
  }
}

/// Appends to `metrics.jsonl`, a line at a time.
final class MetricsLog {
  private let handle: FileHandle
  private let encoder = JSONEncoder()

  init(_ folder: RunFolder) throws {
    let path = "\(folder.path)/metrics.jsonl"
    guard let handle = FileHandle(forWritingAtPath: path) else {
      throw FileError("cannot write", path, reason: "it can't be opened")
    }
    self.handle = handle
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  }

  func append(_ line: LogLine) throws { try write(line) }

  func append(_ evaluation: EvaluationReport) throws {
    try write(
      EvaluationLine(
        step: evaluation.step, epoch: evaluation.epoch, loss: evaluation.result.loss,
        metrics: evaluation.result.metrics))
  }

  private func write(_ line: some Encodable) throws {
    try handle.write(contentsOf: try encoder.encode(line) + Data("\n".utf8))
  }

  private struct EvaluationLine: Encodable {
    var event = "eval"
    let step: Int
    let epoch: Double
    let loss: Double
    let metrics: [String: Double]
  }
}
