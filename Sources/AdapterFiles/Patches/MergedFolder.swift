import Foundation
public import GraftCore
public import GraftMethods
import GraftSafetensors
import GraftSupport
import GraftTransformer

/// A base with adapters merged into its weights, on disk: a folder in Hugging Face layout that any toolkit loads as an ordinary
/// classifier. It also contains an undo record, from which ``RestoredFolder`` removes the adapters again, bit for bit.
public struct MergedFolder {
  /// The result of merging. The JSON keys are stable.
  public struct Report: Encodable, Sendable {
    /// The output folder.
    public let output: String
    /// The base's name.
    public let base: String
    /// The names of the adapters in the undo record, in the order in which they were applied.
    public let adapters: [String]
    /// The number of the base's tensors whose values changed.
    public let changedTensors: Int
    /// The size of the changed tensors, in bytes.
    public let changedBytes: Int
    /// The size of the undo record without the adapters, in bytes.
    public let undoBytes: Int
    /// The largest difference between a probe logit of the merged model and of the model with attached adapters.
    public let largestLogitChange: Float

    /// The size of the undo record as a fraction of the size of the changed tensors.
    public var undoShare: Double { changedBytes == 0 ? 0 : Double(undoBytes) / Double(changedBytes) }

    /// Returns the report as one JSON object with keys in snake case.
    public func json() throws -> String { try snakeCaseJSON(self) }
  }

  private let base: PretrainedBase
  private let baseName: String
  private let methods: MethodRegistry
  private let workers = Workers(count: Workers.automaticCount)

  /// Prepares merging into a base that has no adapters attached.
  ///
  /// - Parameters:
  ///   - base: The base.
  ///   - name: The base's name in the undo record; `nil`: the name it was loaded by.
  ///   - methods: The methods that the adapter files may use.
  public init(base: PretrainedBase, named name: String? = nil, methods: MethodRegistry = .builtIn) {
    self.base = base
    self.methods = methods
    baseName = name ?? base.name
  }

  /// Writes the merged folder atomically.
  ///
  /// - Parameters:
  ///   - adapters: The adapters, applied in this order; the merged model has the head of the last one.
  ///   - output: The output folder, which must not exist.
  /// - Throws: A `UserError` if an adapter is for another base or can't be merged, or the folder can't be written.
  public func write(_ adapters: [NamedAdapter], to output: String) throws -> Report {
    guard !adapters.isEmpty else { throw PatchError.noAdapters }
    try NamedAdapter.requireDifferentNames(adapters)
    return try writeFolderAtomically(output) { try fill($0, with: adapters, for: output) }
  }

  /// Writes all files into a temporary folder that will be renamed to `output`.
  package func fill(_ folder: String, with adapters: [NamedAdapter], for output: String) throws -> Report {
    guard let last = adapters.last else { throw PatchError.noAdapters }
    guard last.file.metadata.extras.head == nil else {
      throw PatchError.unsupportedHead(
        adapter: last.name, architecture: base.model.family.classifierArchitecture)
    }
    let ids = adapters.map { AdapterID($0.name) }
    // A separate set, so that the adapters attached to the base in memory do not change.
    var merged = base.model.adaptable.emptySet
    for (adapter, id) in zip(adapters, ids) {
      try merged.attach(adapter.file.adapter(for: base, as: id, methods: methods, workers: workers))
    }
    let probe = last.file.metadata.probe
    let attachedLogits = probe.logits(of: base.model, try merged.bindings(active: ids), workers: workers)
    let mergeConstants = try self.mergeConstants(ids, in: merged)
    for id in ids { try merged.merge(id) }

    let checkpoint = try Checkpoint(folder: base.folder)
    let (keys, changed) = try writeWeights(
      merged.mergedParameters(under: ids), checkpoint, to: "\(folder)/\(BaseFiles.weights)")
    try writeAtomically(try config(for: last.file.metadata), to: "\(folder)/\(BaseFiles.configuration)")
    let others = try copyTokenizer(from: base.folder, to: folder)
    let weights = try MergedWeights(
      folder: folder, adapters: adapters, mergeConstants: mergeConstants, methods: methods,
      families: base.families)
    let undoBytes = try writeRecord(adapters, checkpoint, keys, changed, mergeConstants, weights, others, to: folder)

    let logits = probe.logits(of: weights.model, weights.model.adaptable.baseBindings, workers: workers)
    return Report(
      output: output, base: baseName, adapters: adapters.map(\.name), changedTensors: changed.count,
      changedBytes: changed.keys.reduce(0) { $0 + (checkpoint[$1]?.entry.byteRange.count ?? 0) }, undoBytes: undoBytes,
      largestLogitChange: zip(logits.joined(), attachedLogits.joined()).map { abs($0 - $1) }.max() ?? 0)
  }

  /// Returns the constants that the adapters' attachments need to undo the merge, keyed by
  /// ``MergedWeights/mergeConstantsName(_:_:)``.
  private func mergeConstants(_ ids: [AdapterID], in adapters: AdapterSet) throws -> [String: [Float]] {
    var constants: [String: [Float]] = [:]
    for projection in base.model.adaptable.modules.wholeProjections {
      _ = try adapters.change(of: projection, by: ids) { slot, id, layer in
        let values = layer.mergeConstants(of: try adapters.original(of: slot, under: ids))
        if !values.isEmpty { constants[MergedWeights.mergeConstantsName(id, slot.path)] = values }
        return values
      }
    }
    return constants
  }

  /// Writes all tensors of the checkpoint, and the head's tensors if the checkpoint has none.
  ///
  /// - Returns: The new key for each old key, and the parameter's name for each old key whose values changed.
  private func writeWeights(
    _ merged: [(original: Parameter, value: Parameter)], _ checkpoint: Checkpoint, to path: String
  ) throws -> (keys: [String: String], changed: [String: String]) {
    let family = base.model.family
    var values = Dictionary(uniqueKeysWithValues: merged.map { ($0.original.name, $0.value) })
    let names = Dictionary(uniqueKeysWithValues: base.model.checkpointKeys.map { ($1, $0) })
    var writer = SafetensorsWriter(metadata: ["format": "pt"])
    var keys: [String: String] = [:]
    var changed: [String: String] = [:]
    for file in checkpoint.files {
      for entry in file.entries {
        guard checkpoint[entry.name]?.file === file else {
          throw PatchError.unlisted(file: file.path, tensor: entry.name)
        }
        let newKey = family.classifierKey(of: names[entry.name] ?? entry.name)
        keys[entry.name] = newKey
        guard let name = names[entry.name], let value = values.removeValue(forKey: name) else {
          try writer.add(newKey, type: entry.elementType, shape: entry.shape, bytes: file.bytes(of: entry))
          continue
        }
        let type = entry.elementType
        let floats = UnsafeBufferPointer(value.values)
        guard floats.allSatisfy(\.isFinite), !type.overflows(floats) else {
          throw PatchError.overflow(tensor: name, type: type.rawValue)
        }
        try writer.add(newKey, type: type, shape: value.shape, bytes: type.bytes(of: floats))
        changed[entry.name] = name
      }
    }
    for (name, value) in values {
      try writer.add(
        family.classifierKey(of: name), type: .f32, shape: value.shape, bytes: UnsafeRawBufferPointer(value.values))
    }
    try writeAtomically(try writer.encoded(), to: path)
    return (keys, changed)
  }

  /// Writes the undo record.
  ///
  /// - Returns: The size of the record without the adapters, in bytes.
  private func writeRecord(
    _ adapters: [NamedAdapter], _ checkpoint: Checkpoint, _ keys: [String: String], _ changed: [String: String],
    _ mergeConstants: [String: [Float]], _ merged: MergedWeights, _ tokenizerFiles: [String], to staging: String
  ) throws -> Int {
    try makeFolder("\(staging)/\(UndoRecord.folder)/adapters")
    var bits = SafetensorsWriter()
    try add("config", try readFile("\(base.folder)/\(BaseFiles.configuration)"), to: &bits)
    if let index = checkpoint.indexPath { try add("index", try readFile(index), to: &bits) }
    for file in checkpoint.files { try add("header/\(name(of: file.path))", file.headerBytes, to: &bits) }
    for (name, values) in mergeConstants {
      try values.withUnsafeBytes {
        try bits.add("keepsake/\(name)", type: .f32, shape: [values.count], bytes: $0)
      }
    }
    for (key, parameter) in changed {
      guard let (file, entry) = checkpoint[key].map({ ($0.file, $0.entry) }) else { continue }
      let guess = try merged.guess(parameter, as: entry.elementType)
      // A head for a different number of classes has a different size, so all of its original bytes are stored.
      let original = file.bytes(of: entry)
      let planes =
        guess.count == original.count
        ? differingPlanes(original, guess, width: entry.elementType.width) : Array(original)
      try bits.add("bits/\(key)", type: .u8, shape: [planes.count], bytes: planes)
    }
    let content = try bits.encoded()
    let packed = try compress(content, level: content.count > 64 << 20 ? 3 : 19)
    try writeAtomically(packed, to: "\(staging)/\(UndoRecord.bits)")

    var files: [UndoRecord.File] = []
    for adapter in adapters {
      let path = "\(staging)/\(UndoRecord.adapterFile(adapter.name))"
      try writeAtomically(try readFile(adapter.file.path), to: path)
      files.append(try .init(name: adapter.name, path: path))
    }
    let record = UndoRecord(
      base: .init(name: baseName, identity: base.identity),
      files: try checkpoint.files.map { try .init(name: name(of: $0.path), path: $0.path) },
      merged: try ([BaseFiles.weights, BaseFiles.configuration] + tokenizerFiles).map {
        try .init(name: $0, path: "\(staging)/\($0)")
      },
      adapters: files, keys: keys, changed: changed)
    try record.write(to: staging)
    return packed.count + (try readFile("\(staging)/\(UndoRecord.file)").count)
  }

  private func add(_ name: String, _ bytes: some Collection<UInt8>, to writer: inout SafetensorsWriter) throws {
    try writer.add(name, type: .u8, shape: [bytes.count], bytes: bytes)
  }

  private func name(of path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }

  /// Returns the base's `config.json` with the last adapter's labels.
  private func config(for adapter: AdapterMetadata) throws -> Data {
    let data = Data(try readFile("\(base.folder)/\(BaseFiles.configuration)"))
    var object = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    let labels = adapter.labels
    object["architectures"] = [base.model.family.classifierArchitecture]
    object["num_labels"] = adapter.objective.outputCount
    object["problem_type"] = adapter.objective.problemType
    // transformers counts the outputs by these names.
    for key in ["id2label", "label2id"] { object[key] = nil }
    if labels.count == adapter.objective.outputCount {
      object["id2label"] = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ("\($0)", $1) })
      object["label2id"] = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
    }
    return try JSONSerialization.data(
      withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
  }
}

/// Copies the tokenizer's files from one folder to another.
///
/// - Returns: The names of the copied files.
/// - Throws: `FileError`, also if a file exists but can't be read.
func copyTokenizer(from folder: String, to other: String) throws -> [String] {
  let present = try BaseFiles.tokenizerFiles(in: folder)
  for name in present { try writeAtomically(try readFile("\(folder)/\(name)"), to: "\(other)/\(name)") }
  return present
}
