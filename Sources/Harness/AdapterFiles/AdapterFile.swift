import Foundation
public import GraftCore
import GraftSafetensors
import GraftSupport
import GraftTransformer

/// An adapter on disk: a safetensors file inside one zstd frame, `NAME.safetensors.zst`. The layout is described in
/// `Docs/adapter-format.md`.
public struct AdapterFile: Sendable {
  /// The file, as the user named it.
  public let path: String
  /// What it says about itself.
  public let metadata: AdapterMetadata
  /// The size on disk.
  public let bytes: Int
  /// SHA-256 of the file.
  public let contentHash: String
  /// What it says about itself, key by key, as it stands there.
  let strings: [String: String]
  /// Name, shape and type of each parameter, in the file's order.
  public var tensors: [(name: String, shape: [Int], type: String)] {
    let scales = Set(entries.filter { $0.elementType == .i8 }.map { StoredType.scales(of: $0.name) })
    return entries.filter { !scales.contains($0.name) }.map { ($0.name, $0.shape, $0.elementType.rawValue) }
  }

  /// A parameter's values, as floats.
  func values(of name: String) throws -> (shape: [Int], values: [Float]) {
    let file = try content()
    let entry = try file.entry(named: name)
    let parameter = Parameter(name: name, shape: entry.shape)
    let (_, scales) = try file.values(of: parameter, entry)
    try file.fill(parameter, entry, scales: scales)
    return (entry.shape, Array(parameter.values))
  }

  private let entries: [TensorEntry]
  /// The unpacked file, unless the values are elsewhere by now.
  private var file: SafetensorsFile?

  /// The same without the values, which are read again when somebody asks.
  var withoutContent: AdapterFile {
    var file = self
    file.file = nil
    return file
  }

  private func content() throws -> SafetensorsFile {
    if let file { return file }
    let again = try AdapterFile(path: path)
    guard again.contentHash == contentHash, let file = again.file else { throw AdapterFileError.changed(file: path) }
    return file
  }

  /// What a file of this many bytes may unpack to; one that claims more is refused before memory is taken. Weights shrink
  /// to a tenth at best, and a small file may hold nothing but zeros.
  private static func limit(packed bytes: Int) -> Int { min(1 << 32, (1 << 20) + 256 * bytes) }

  /// Reads and checks a file, or the one in a run's folder; what it is for is checked when it is attached.
  ///
  /// - Throws: ``AdapterFileError``, or the error of the frame or the safetensors within.
  public init(path: String) throws {
    let path = try isFolder(path) ? RunFolder.adapter(in: path) : path
    let packed = try MappedFile(path: path)
    self = try withExtendedLifetime(packed) { try AdapterFile(packed.bytes, path: path) }
  }

  /// The same of a content in memory; `path` is for messages.
  init(content: [UInt8], path: String) throws {
    self = try content.withUnsafeBytes { try AdapterFile($0, path: path) }
  }

  private init(_ packed: UnsafeRawBufferPointer, path: String) throws {
    self.path = path
    bytes = packed.count
    contentHash = sha256(packed)
    let file = try SafetensorsFile(
      bytes: decompress(packed, limit: Self.limit(packed: packed.count), name: path), name: path)
    self.file = file
    entries = file.entries
    strings = file.metadata
    metadata = try AdapterMetadata(strings, file: path)
  }

  /// Writes an adapter with its head and the probe that proves it, atomically.
  ///
  /// - Returns: The file's size.
  @discardableResult
  public static func write(
    _ adapter: Adapter, on base: PretrainedBase, task: TaskDefinition, maxLength: Int, seed: UInt64, workers: Workers,
    to path: String
  ) throws -> Int {
    let output = try OutputFile(path)
    let saved = try folded(adapter, on: base, task: task) ?? adapter
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let metadata = AdapterMetadata(
      method: try encoder.encode(EncodedMethod(method: saved.method)),
      base: .init(name: base.name, architecture: base.model.configuration.family.name, identity: base.identity),
      task: task, maxLength: maxLength, extras: adapter.extras,
      // What is folded away gives the same answers, and the model need not be touched to ask it.
      probe: GoldenProbe(
        of: base.model, with: adapter, tokenizer: base.tokenizer, seed: seed, workers: workers))
    guard metadata.probe.isFinite, saved.parameters.allSatisfy({ $0.values.allSatisfy(\.isFinite) }) else {
      throw AdapterFileError.notFinite(file: path)
    }
    var writer = SafetensorsWriter(metadata: try metadata.encoded())
    for parameter in saved.parameters { try StoredType.float32.add(parameter, to: &writer) }
    let packed = try pack(writer.encoded())
    try output.write(packed)
    return packed.count
  }

  /// The same adapter by the plainer method that is saved for it, or `nil` when there is nothing to fold. It is attached to
  /// nothing: writing a file never changes the model in memory.
  private static func folded(_ adapter: Adapter, on base: PretrainedBase, task: TaskDefinition) throws -> Adapter? {
    guard let foldable = adapter.method as? any FoldableMethod, let method = foldable.folded else { return nil }
    let plain = try base.model.detached(
      method, as: adapter.id, seed: nil, classes: task.outputs, carrying: adapter.extras)
    let trained = Dictionary(uniqueKeysWithValues: adapter.parameters.map { ($0.name, $0) })
    for parameter in plain.parameters {
      if let same = trained[parameter.name] { _ = parameter.values.update(from: same.values) }
    }
    foldable.fold(adapter, into: plain)
    return plain
  }

  /// A whole model takes half a minute at the level that suits an adapter, and hardly gets smaller for it.
  static func pack(_ content: [UInt8]) throws -> [UInt8] {
    try compress(content, level: content.count > 16 << 20 ? 3 : 19)
  }

  /// The adapter with its values, checked against its base, and not attached: the model does not change.
  ///
  /// - Parameters:
  ///   - base: The base that the adapter was trained on.
  ///   - id: The adapter's name.
  ///   - methods: The methods that files may name.
  ///   - workers: Workers to compute the probe with.
  /// - Throws: ``AdapterFileError`` that names what differs: base, tokenizer, a tensor, or the probe.
  public func adapter(for base: PretrainedBase, as id: AdapterID, methods: MethodRegistry, workers: Workers) throws
    -> Adapter
  {
    try checkBelongs(to: base)
    let adapter = try uncheckedAdapter(for: base.model, as: id, methods: methods)
    let difference = metadata.probe.difference(of: base.model, with: adapter, workers: workers)
    guard difference <= metadata.probe.tolerance else {
      throw AdapterFileError.probe(file: path, difference: difference, tolerance: metadata.probe.tolerance)
    }
    return adapter
  }

  /// Attaches the adapter to its base.
  ///
  /// - Throws: As ``adapter(for:as:methods:workers:)``, or `AdapterError.duplicate`; the model is then unchanged.
  @discardableResult
  public func attach(to base: PretrainedBase, as id: AdapterID, methods: MethodRegistry, workers: Workers) throws
    -> Adapter
  {
    let adapter = try adapter(for: base, as: id, methods: methods, workers: workers)
    try base.model.adaptable.attach(adapter)
    return adapter
  }

  /// The adapter with its values for any model that has its modules, without checking that it is the right model.
  func uncheckedAdapter(for model: SequenceClassifier, as id: AdapterID, methods: MethodRegistry) throws -> Adapter {
    let method = try metadata.makeMethod(methods, file: path)
    do {
      let adapter = try model.detached(
        method, as: id, seed: nil, classes: metadata.labels.count, carrying: metadata.extras)
      try fill(adapter)
      return adapter
    } catch AdapterError.noParameter(let name) {
      throw AdapterFileError.notAnAdapter(
        file: path, reason: "its 'graft.carried' names \(quoted(name)), which the base does not have outside its head")
    }
  }

  /// Gives a new adapter the file's values, to go on training from them: it must answer as the file's own does.
  ///
  /// So targets, rank and scale must be the file's; what acts in training only, such as dropout, may differ.
  ///
  /// - Throws: ``AdapterFileError`` that names what differs.
  public func initialize(_ adapter: Adapter, on base: PretrainedBase, for task: TaskDefinition, workers: Workers) throws
  {
    try checkBelongs(to: base)
    let (labels, classes) = (metadata.labels.count, task.outputs)
    guard labels == classes else { throw AdapterFileError.classes(file: path, labels: labels, classes: classes) }
    guard metadata.task != task.name || metadata.labels == task.labelNames else {
      throw AdapterFileError.labels(file: path, expected: task.labelNames, got: metadata.labels)
    }
    do {
      try fill(adapter)
    } catch let error as AdapterFileError {
      throw AdapterFileError.otherMethod(file: path, method: metadata.methodText, reason: error.withoutFile)
    }
    let difference = metadata.probe.difference(of: base.model, with: adapter, workers: workers)
    guard difference <= metadata.probe.tolerance else {
      throw AdapterFileError.otherMethod(
        file: path, method: metadata.methodText, reason: "the logits of its probe are off by \(difference)")
    }
  }

  private func checkBelongs(to base: PretrainedBase) throws {
    let (expected, got) = (metadata.base.identity, base.identity)
    guard expected.model == got.model else {
      throw AdapterFileError.otherBase(
        file: path, trainedOn: metadata.base.name, expected: expected.model, got: got.model, base: base.name)
    }
    guard expected.tokenizer == got.tokenizer else {
      throw AdapterFileError.otherTokenizer(
        file: path, expected: expected.tokenizer, got: got.tokenizer, base: base.name)
    }
  }

  /// Every tensor must be there with its shape, and none besides; only then anything is written.
  private func fill(_ adapter: Adapter) throws {
    let file = try content()
    var names = Set(adapter.parameters.map(\.name))
    for name in names where file[name]?.elementType == .i8 { names.insert(StoredType.scales(of: name)) }
    if let extra = file.entries.first(where: { !names.contains($0.name) }) {
      throw AdapterFileError.extraTensor(file: path, name: extra.name)
    }
    let entries = try adapter.parameters.map { parameter in
      guard let entry = file[parameter.name] else {
        throw AdapterFileError.missingTensor(file: path, name: parameter.name)
      }
      guard entry.shape == parameter.shape else {
        throw AdapterFileError.shape(
          file: path, name: parameter.name, expected: parameter.shape, got: entry.shape)
      }
      return try file.values(of: parameter, entry)
    }
    for (parameter, (entry, scales)) in zip(adapter.parameters, entries) {
      try file.fill(parameter, entry, scales: scales)
    }
  }
}
