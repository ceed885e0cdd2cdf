import Foundation
public import GraftCore
import GraftSafetensors
import GraftSupport
import GraftTransformer

/// An adapter on disk: a safetensors file inside one zstd frame, `NAME.safetensors.zst`. The layout is described in
/// `Docs/adapter-format.md`.
public struct AdapterFile: Sendable {
  /// The path as the user gave it.
  public let path: String
  /// The decoded metadata.
  public let metadata: AdapterMetadata
  /// The size on disk.
  public let bytes: Int
  /// SHA-256 of the file.
  public let contentHash: String
  /// The raw metadata strings by key.
  let strings: [String: String]
  /// The name, shape, and type of each parameter, in file order.
  public var tensors: [(name: String, shape: [Int], type: String)] {
    let scales = Set(entries.filter { $0.elementType == .i8 }.map { StoredType.scales(of: $0.name) })
    return entries.filter { !scales.contains($0.name) }.map { ($0.name, $0.shape, $0.elementType.rawValue) }
  }

  /// Returns a parameter's shape and its values as floats.
  package func values(of name: String) throws -> (shape: [Int], values: [Float]) {
    let file = try content()
    let entry = try file.entry(named: name)
    let parameter = Parameter(name: name, shape: entry.shape)
    let (_, scales) = try file.values(of: parameter, entry)
    try file.fill(parameter, entry, scales: scales)
    return (entry.shape, Array(parameter.values))
  }

  private let entries: [TensorEntry]
  /// The decompressed file, or `nil` after its values have been released.
  private var file: SafetensorsFile?

  /// A copy without the values; they are read from disk again when needed.
  package var withoutContent: AdapterFile {
    var file = self
    file.file = nil
    return file
  }

  private func content() throws -> SafetensorsFile {
    if let file { return file }
    let reloaded = try AdapterFile(path: path)
    guard reloaded.contentHash == contentHash, let file = reloaded.file else {
      throw AdapterFileError.changed(file: path)
    }
    return file
  }

  /// The largest decompressed size accepted for a file of this many bytes. A file that claims more is rejected before any
  /// memory is allocated. Weights compress to a tenth of their size at best, but a small file may contain only zeros.
  private static func limit(packed bytes: Int) -> Int { min(1 << 32, (1 << 20) + 256 * bytes) }

  /// Reads and checks an adapter file, or the one in a run folder. Whether it belongs to a base is checked when it is attached.
  ///
  /// - Throws: ``AdapterFileError``, or an error from the zstd frame or the safetensors file inside it.
  public init(path: String) throws {
    let path = try isFolder(path) ? Self.path(inRunFolder: path) : path
    let packed = try MappedFile(path: path)
    self = try withExtendedLifetime(packed) { try AdapterFile(packed.bytes, path: path) }
  }

  /// Reads and checks an adapter file in memory; `path` is used in messages.
  package init(content: [UInt8], path: String) throws {
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

  /// Writes an adapter with its head and a probe of its logits, atomically.
  ///
  /// - Returns: The file's size.
  @discardableResult
  public static func write(
    _ adapter: Adapter, on base: PretrainedBase, task: AdapterTask, maxLength: Int, seed: UInt64, workers: Workers,
    to path: String
  ) throws -> Int {
    let output = try OutputFile(path)
    let saved = try folded(adapter, on: base, task: task) ?? adapter
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let metadata = AdapterMetadata(
      method: try encoder.encode(EncodedMethod(saved.method)),
      base: .init(name: base.name, architecture: base.model.family.modelType, identity: base.identity),
      task: task, maxLength: maxLength, extras: adapter.extras,
      // Folding does not change the logits, so the probe uses the adapter that is already attached.
      probe: GoldenProbe(
        of: base.model, with: adapter, rows: task.objective.rows, tokenizer: base.tokenizer, seed: seed,
        workers: workers))
    guard metadata.probe.isFinite, saved.storedParameters.allSatisfy({ $0.values.allSatisfy(\.isFinite) }) else {
      throw AdapterFileError.notFinite(file: path)
    }
    var writer = SafetensorsWriter(metadata: try metadata.encoded())
    for parameter in saved.storedParameters { try StoredType.float32.add(parameter, to: &writer) }
    let packed = try pack(writer.encoded())
    try output.write(packed)
    return packed.count
  }

  /// Returns the adapter converted to the simpler method that is saved in its place, or `nil` if there is nothing to fold. The
  /// result is not attached: writing a file never changes the model in memory.
  private static func folded(_ adapter: Adapter, on base: PretrainedBase, task: AdapterTask) throws -> Adapter? {
    guard let foldable = adapter.method as? any FoldableMethod, let method = foldable.folded else { return nil }
    let foldedAdapter = try base.model.detached(
      method, as: adapter.id, seed: nil, classes: task.objective.outputCount, carrying: adapter.extras)
    let trained = Dictionary(uniqueKeysWithValues: adapter.storedParameters.map { ($0.name, $0) })
    for parameter in foldedAdapter.storedParameters {
      if let source = trained[parameter.name] { _ = parameter.values.update(from: source.values) }
    }
    foldable.fold(adapter, into: foldedAdapter)
    return foldedAdapter
  }

  /// Compresses a file's content. Above 16 MiB a lower level is used: a whole model would take half a minute at level 19 and
  /// hardly get smaller.
  package static func pack(_ content: [UInt8]) throws -> [UInt8] {
    try compress(content, level: content.count > 16 << 20 ? 3 : 19)
  }

  /// Returns the adapter with its values, checked against its base, without attaching it.
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

  /// Returns the adapter with its values for any model that has its modules, without checking that it is the right model.
  func uncheckedAdapter(for model: SequenceClassifier, as id: AdapterID, methods: MethodRegistry) throws -> Adapter {
    let method = try metadata.makeMethod(methods, file: path)
    do {
      let adapter = try model.detached(
        method, as: id, seed: nil, classes: metadata.objective.outputCount, carrying: metadata.extras)
      try fill(adapter)
      return adapter
    } catch AdapterError.noParameter(let name) {
      throw AdapterFileError.notAnAdapter(
        file: path, reason: "its 'graft.carried' names \(quoted(name)), which the base does not have outside its head")
    }
  }

  /// Initializes a new adapter with the file's values, to continue training. Both must return the same logits.
  ///
  /// Targets, rank, and scale must therefore match the file; options that only affect training, such as dropout, may differ.
  ///
  /// - Throws: ``AdapterFileError`` that names what differs.
  public func initialize(_ adapter: Adapter, on base: PretrainedBase, for task: AdapterTask, workers: Workers) throws {
    try checkBelongs(to: base)
    try requireObjective(task.objective)
    guard metadata.task != task.name || metadata.labels == task.labels else {
      throw AdapterFileError.labels(file: path, expected: task.labels, got: metadata.labels)
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

  /// Checks that the adapter has learned what a task requires.
  ///
  /// - Throws: ``AdapterFileError`` for another objective, or another number of outputs.
  package func requireObjective(_ expected: ObjectiveReference) throws {
    let got = metadata.objective
    guard got.name == expected.name else {
      throw AdapterFileError.objective(file: path, expected: expected.name, got: got.name)
    }
    guard got.outputCount == expected.outputCount else {
      throw AdapterFileError.classes(file: path, labels: got.outputCount, classes: expected.outputCount)
    }
  }

  private func checkBelongs(to base: PretrainedBase) throws {
    let expected = metadata.base.identity
    let got = base.identity
    guard expected.model == got.model else {
      throw AdapterFileError.otherBase(
        file: path, trainedOn: metadata.base.name, expected: expected.model, got: got.model, base: base.name)
    }
    guard expected.tokenizer == got.tokenizer else {
      throw AdapterFileError.otherTokenizer(
        file: path, expected: expected.tokenizer, got: got.tokenizer, base: base.name)
    }
  }

  /// Copies the file's values into an adapter. Every tensor must be present with the expected shape, and there must be no others;
  /// nothing is copied before all of this is checked.
  private func fill(_ adapter: Adapter) throws {
    let file = try content()
    var names = Set(adapter.storedParameters.map(\.name))
    for name in names where file[name]?.elementType == .i8 { names.insert(StoredType.scales(of: name)) }
    if let extra = file.entries.first(where: { !names.contains($0.name) }) {
      throw AdapterFileError.extraTensor(file: path, name: extra.name)
    }
    let entries = try adapter.storedParameters.map { parameter in
      guard let entry = file[parameter.name] else {
        throw AdapterFileError.missingTensor(file: path, name: parameter.name)
      }
      guard entry.shape == parameter.shape else {
        throw AdapterFileError.shape(
          file: path, name: parameter.name, expected: parameter.shape, got: entry.shape)
      }
      return try file.values(of: parameter, entry)
    }
    for (parameter, (entry, scales)) in zip(adapter.storedParameters, entries) {
      try file.fill(parameter, entry, scales: scales)
    }
  }
}
