import Foundation
package import GraftCore
import GraftSafetensors
import GraftSupport

/// A training state as a safetensors file: `parameters/NAME`, `best/NAME`, the outputs of the best evaluation with the number of
/// outputs of each example, and the optimizer's `first`, `second`, and `previous`. The metadata contains the rest as JSON.
extension TrainingState {
  private static let metadataKey = "graft.training_state"

  /// What the file does not store as tensors.
  private struct Header: Codable {
    let step: Int
    let samples: Int
    let seconds: Double
    let lossSinceLog: MeanLoss
    let lossSinceEvaluation: MeanLoss
    let best: EvaluationReport?
  }

  /// Returns the content of a file.
  ///
  /// - Parameter adapter: The adapter, whose parameters' names the file contains.
  package func encoded(for adapter: Adapter) throws -> [UInt8] {
    let header = Header(
      step: step, samples: samples, seconds: seconds, lossSinceLog: lossSinceLog,
      lossSinceEvaluation: lossSinceEvaluation, best: best?.report.withoutOutputs)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var writer = SafetensorsWriter(
      metadata: [Self.metadataKey: String(decoding: try encoder.encode(header), as: UTF8.self)])
    func add(_ name: String, _ shape: [Int], _ values: [Float]) throws {
      try values.withUnsafeBytes { try writer.add(name, type: .f32, shape: shape, bytes: $0) }
    }
    for (parameter, values) in zip(adapter.parameters, parameters) {
      try add("parameters/\(parameter.name)", parameter.shape, values)
    }
    for (parameter, values) in zip(adapter.parameters, best?.parameters ?? []) {
      try add("best/\(parameter.name)", parameter.shape, values)
    }
    if let outputs = best?.report.result.record.outputs {
      try add("best outputs", [outputs.reduce(0) { $0 + $1.count }], Array(outputs.joined()))
      try outputs.map { Int32($0.count) }.withUnsafeBytes {
        try writer.add("best output counts", type: .i32, shape: [outputs.count], bytes: $0)
      }
    }
    if let optimizer {
      for (name, values) in [
        ("first", optimizer.first), ("second", optimizer.second), ("previous", optimizer.previous),
      ] { try add("optimizer/\(name)", [values.count], values) }
    }
    return try writer.encoded()
  }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - bytes: Its content.
  ///   - name: Its name, for errors.
  ///   - adapter: The adapter that is trained.
  /// - Throws: `SafetensorsError`, or `FileError` if it is not the state of this adapter's training.
  package init(_ bytes: [UInt8], name: String, for adapter: Adapter) throws {
    let file = try SafetensorsFile(bytes: bytes, name: name)
    func damaged(_ reason: String) -> FileError { FileError("cannot read", name, reason: reason) }
    guard let text = file.metadata[Self.metadataKey],
      let header = try? JSONDecoder().decode(Header.self, from: Data(text.utf8)), header.step > 0
    else { throw damaged("it is not the state of a training run") }
    var unread = Set(file.entries.map(\.name))
    func values(_ name: String, _ shape: [Int]) throws -> [Float] {
      guard let entry = file[name], entry.shape == shape, let floats = try file.floats(of: entry) else {
        throw damaged("the tensor \(quoted(name)) is missing, or does not have the shape \(shape)")
      }
      unread.remove(name)
      return Array(floats)
    }
    func all(_ group: String) throws -> [[Float]] {
      try adapter.parameters.map { try values("\(group)/\($0.name)", $0.shape) }
    }
    step = header.step
    samples = header.samples
    seconds = header.seconds
    lossSinceLog = header.lossSinceLog
    lossSinceEvaluation = header.lossSinceEvaluation
    parameters = try all("parameters")
    best = try header.best.map { report in
      guard let entry = file["best output counts"], entry.elementType == .i32,
        entry.shape == [report.result.record.targets.count], unread.remove(entry.name) != nil
      else { throw damaged("the tensor 'best output counts' is missing, or does not belong to the targets") }
      let counts = file.bytes(of: entry).loadIntegers().map(Int.init)
      guard counts.allSatisfy({ $0 > 0 }), let flat = file["best outputs"],
        flat.shape == [counts.reduce(0) { $0.addingReportingOverflow($1).partialValue }]
      else { throw damaged("the tensor 'best outputs' is missing, or does not belong to 'best output counts'") }
      var rest = try values("best outputs", flat.shape)[...]
      let outputs = counts.map { count in
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
      }
      return Checkpoint(report: report.with(outputs), parameters: try all("best"))
    }
    let count = [adapter.parameterCount]
    optimizer = AdamW.State(
      first: try values("optimizer/first", count), second: try values("optimizer/second", count),
      previous: try values("optimizer/previous", count), steps: step)
    if let extra = unread.min() { throw damaged("the tensor \(quoted(extra)) belongs to no part of the state") }
  }
}

extension EvaluationReport {
  /// The report without the model's outputs, which are stored as a tensor.
  fileprivate var withoutOutputs: EvaluationReport { with([]) }

  /// Returns the report with other outputs.
  fileprivate func with(_ outputs: [[Float]]) -> EvaluationReport {
    EvaluationReport(
      step: step, epoch: epoch, trainingLoss: trainingLoss,
      result: EvaluationResult(
        loss: result.loss, metrics: result.metrics, mainMetric: result.mainMetric, examples: result.examples,
        record: EvaluationRecord(outputs: outputs, targets: result.record.targets), seconds: result.seconds))
  }
}

extension UnsafeRawBufferPointer {
  /// The little-endian 32-bit integers in the buffer.
  fileprivate func loadIntegers() -> [Int32] {
    stride(from: 0, to: count - 3, by: 4).map { Int32(littleEndian: loadUnaligned(fromByteOffset: $0, as: Int32.self)) }
  }
}
