import Foundation
import GraftCore
import GraftSafetensors
import GraftSupport

extension LoadedAdapter {
  /// The adapter as a file of one type of values: how small it is, and what that costs. The keys of its JSON are a promise.
  public struct Packing: Encodable, Sendable {
    /// How the values are kept.
    public let dtype: StoredType
    /// The file's size.
    public let bytes: Int
    /// How far a logit of the probe is from the file's that was packed.
    public let largestLogitChange: Float
    /// The metric that runs are compared by, where examples were given.
    public let mainMetric: String?
    /// The metrics of these examples; `nil` where one is not defined.
    public let metrics: [String: Double?]?
    /// The file's content.
    let content: [UInt8]

    private enum CodingKeys: String, CodingKey { case dtype, bytes, largestLogitChange, mainMetric, metrics }

    /// Writes the file atomically.
    public func write(to path: String) throws { try OutputFile(path).write(content) }
  }

  /// Which examples tell what a smaller file costs.
  public struct PackingData: Sendable {
    let task: String?
    let data: String?

    /// A task by name, in place of the file's own, and where its data is.
    public init(task: String? = nil, data: String? = nil) { (self.task, self.data) = (task, data) }
  }

  /// Packs the adapter's values as one type and asks it again.
  ///
  /// The new file's probe has the logits of its own values, so that a smaller file can be verified as well.
  ///
  /// - Parameters:
  ///   - type: How to keep them.
  ///   - data: Examples to evaluate on, or `nil`.
  /// - Throws: Errors for people: a value does not fit into the type, or the data can't be read.
  public func packed(as type: StoredType, evaluatingOn data: PackingData? = nil) throws -> Packing {
    let content = try base.workers.lend {
      try file.repacked(on: base, self.adapter, as: type, methods: methods, workers: $0)
    }
    // What another reader will have: the values out of the new file.
    let packed = try AdapterFile(content: content, path: file.path)
    let repacked = try base.workers.lend {
      try packed.adapter(for: base, as: id, methods: methods, workers: $0)
    }
    let evaluation = try data.map {
      try LoadedAdapter(packed, on: base, detached: repacked, methods: methods).evaluate(task: $0.task, data: $0.data)
    }
    let (before, after) = (file.metadata.probe.logits, packed.metadata.probe.logits)
    return Packing(
      dtype: type, bytes: content.count,
      largestLogitChange: zip(before.joined(), after.joined()).map { abs($0 - $1) }.max() ?? 0,
      mainMetric: evaluation?.mainMetric, metrics: evaluation?.metrics, content: content)
  }
}

extension AdapterFile {
  /// The file's content with its values kept as another type, and its probe asked with those.
  func repacked(
    on base: PretrainedBase, _ loaded: Adapter, as type: StoredType, methods: MethodRegistry, workers: Workers
  ) throws -> [UInt8] {
    guard loaded.parameters.allSatisfy({ $0.values.allSatisfy(\.isFinite) }) else {
      throw AdapterFileError.doesNotFit(file: path, type: type.rawValue)
    }
    var writer = SafetensorsWriter()
    for parameter in loaded.parameters { try type.add(parameter, to: &writer) }
    let rounded = try SafetensorsFile(bytes: writer.encoded(), name: path)
    let adapter = try base.model.detached(
      metadata.makeMethod(methods, file: path), as: loaded.id, seed: nil, classes: metadata.labels.count,
      carrying: metadata.extras)
    var isExact = true
    for (parameter, before) in zip(adapter.parameters, loaded.parameters) {
      let (entry, scales) = try rounded.values(of: parameter, rounded.entry(named: parameter.name))
      try rounded.fill(parameter, entry, scales: scales)
      isExact = isExact && parameter.values.elementsEqual(before.values) { $0.bitPattern == $1.bitPattern }
    }
    // The same values need no other probe, so that a file packed as it is stays itself.
    let probe = isExact ? metadata.probe : metadata.probe.recomputed(of: base.model, with: adapter, workers: workers)
    guard probe.isFinite else { throw AdapterFileError.doesNotFit(file: path, type: type.rawValue) }
    writer.metadata = try metadata.with(probe, type).encoded()
    return try Self.pack(writer.encoded())
  }
}
