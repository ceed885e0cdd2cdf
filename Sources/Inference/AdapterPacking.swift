import Foundation
public import GraftAdapterFiles
import GraftCore
import GraftSafetensors
import GraftSupport

extension LoadedAdapter {
  /// The adapter packed with its values stored as one type: the file size and the effect on the logits and metrics. The JSON
  /// keys are stable.
  public struct Packing: Encodable, Sendable {
    /// The type in which the values are stored.
    public let dtype: StoredType
    /// The file size.
    public let bytes: Int
    /// The largest difference between a probe logit before and after packing.
    public let largestLogitChange: Float
    /// The name of the main metric, if examples were given.
    public package(set) var mainMetric: String?
    /// The metrics on these examples; a value is `nil` if the metric is undefined.
    public package(set) var metrics: [String: Double?]?
    /// The content of the file.
    let content: [UInt8]
    /// The packed adapter, decoded as a reader of the new file will decode it, and not attached to the base.
    package let loaded: LoadedAdapter

    private enum CodingKeys: String, CodingKey { case dtype, bytes, largestLogitChange, mainMetric, metrics }

    /// Writes the file atomically.
    public func write(to path: String) throws { try OutputFile(path).write(content) }
  }

  /// Packs the adapter with its values stored as one type and computes its logits again.
  ///
  /// The new file's probe contains the logits computed with the stored values, so that the new file can be verified, too.
  ///
  /// - Parameter type: The type in which to store the values.
  /// - Throws: A `UserError` if a value is out of the type's range.
  public func packed(as type: StoredType) throws -> Packing {
    let content = try base.workers.lend {
      try file.repacked(on: base, self.adapter, as: type, methods: methods, workers: $0)
    }
    let packed = try AdapterFile(content: content, path: file.path)
    let repacked = try base.workers.lend {
      try packed.adapter(for: base, as: id, methods: methods, workers: $0)
    }
    let before = file.metadata.probe.logits
    let after = packed.metadata.probe.logits
    return Packing(
      dtype: type, bytes: content.count,
      largestLogitChange: zip(before.joined(), after.joined()).map { abs($0 - $1) }.max() ?? 0,
      mainMetric: nil, metrics: nil, content: content,
      loaded: with(packed, detached: repacked))
  }
}

extension AdapterFile {
  /// Returns the content of a file with the values stored as `type` and the probe recomputed with them.
  func repacked(
    on base: PretrainedBase, _ loaded: Adapter, as type: StoredType, methods: MethodRegistry, workers: Workers
  ) throws -> [UInt8] {
    guard loaded.storedParameters.allSatisfy({ $0.values.allSatisfy(\.isFinite) }) else {
      throw AdapterFileError.doesNotFit(file: path, type: type.rawValue)
    }
    var writer = SafetensorsWriter()
    for parameter in loaded.storedParameters { try type.add(parameter, to: &writer) }
    let rounded = try SafetensorsFile(bytes: writer.encoded(), name: path)
    let adapter = try base.model.detached(
      metadata.makeMethod(methods, file: path), as: loaded.id, seed: nil, classes: metadata.objective.outputCount,
      carrying: metadata.extras)
    var isExact = true
    for (parameter, before) in zip(adapter.storedParameters, loaded.storedParameters) {
      let (entry, scales) = try rounded.values(of: parameter, rounded.entry(named: parameter.name))
      try rounded.fill(parameter, entry, scales: scales)
      isExact = isExact && parameter.values.elementsEqual(before.values) { $0.bitPattern == $1.bitPattern }
    }
    // Unchanged values need no new probe, so packing a file with its own type does not change it.
    let probe = isExact ? metadata.probe : metadata.probe.recomputed(of: base.model, with: adapter, workers: workers)
    guard probe.isFinite else { throw AdapterFileError.doesNotFit(file: path, type: type.rawValue) }
    writer.metadata = try metadata.with(probe, type).encoded()
    return try Self.pack(writer.encoded())
  }
}
