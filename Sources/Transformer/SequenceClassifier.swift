public import GraftCore
import GraftSafetensors
public import GraftSupport

/// A pretrained encoder with a task head that computes one row of logits for each sequence of tokens.
///
/// Shared by all workers. State that changes during a step is in their passes, and adapters are changed through ``adaptable``.
public final class SequenceClassifier: Sendable {
  /// The family, with the options of this model.
  public let family: any EncoderFamily
  /// The sizes and dropouts of the encoder.
  public let configuration: EncoderConfiguration
  /// Notes for the user about how `config.json` was read.
  public let notes: [String]
  /// The unrecognized keys in `config.json`, sorted.
  public let unknownKeys: [String]
  /// The modules and their adapters.
  public let adaptable: AdaptableModel
  /// C, the number of classes of the base's own head; an adapter's head may have a different number.
  public let classes: Int
  /// The number of classes of the checkpoint's classifier, if a new one for ``classes`` replaced it.
  public let replacedClasses: Int?
  /// The unused tensors of the checkpoint, such as position ids or a masked-language-model head.
  public let unusedTensors: [String]
  /// The parameters that are missing in the checkpoint and were initialized from the seed.
  public let initialized: [String]
  /// The checkpoint key of each parameter that was read from the checkpoint, by parameter name.
  public let checkpointKeys: [String: String]
  /// The identities of the files from which the model was read.
  public let files: [FileIdentity]
  private let encoder: TransformerEncoder
  private let head: ClassificationHead

  /// Loads a model folder in Hugging Face layout. F32 weights are memory-mapped, not copied.
  ///
  /// - Parameters:
  ///   - folder: The folder with `config.json` and `model.safetensors` or its shards.
  ///   - classes: C. A head that is missing, or has a different number of classes, is initialized (normally distributed with the
  ///     standard deviation `initializer_range`; biases are zero). `nil` means the number in the file, or 2 if there is none.
  ///   - seed: The seed of a new head.
  ///   - products: How products with the frozen weights are computed.
  ///   - families: The families of encoders that can be loaded.
  /// - Throws: ``TransformerError``, or an error of the file format.
  public init(
    folder: String, classes: Int?, seed: UInt64, products: FrozenProducts = FrozenProducts(),
    families: FamilyRegistry = .builtIn
  ) throws {
    let description = try families.model(inFolder: folder)
    family = description.family
    configuration = family.configuration
    notes = description.notes
    unknownKeys = description.unknownKeys
    let checkpoint = try Checkpoint(folder: folder)
    files =
      checkpoint.files.compactMap(\.identity)
      + [FileIdentity(path: "\(folder)/\(BaseFiles.configuration)")].compactMap { $0 }
    var weights = WeightLoader(
      checkpoint, folder: folder, prefix: family.prefix, headDeviation: configuration.headDeviation, products: products)
    encoder = try family.encoder(&weights)
    head = try ClassificationHead(family.head, configuration, classes: classes, seed: seed, weights: &weights)
    adaptable = AdaptableModel(modules: encoder.modules + head.modules, head: head.trained)
    self.classes = head.classes
    replacedClasses = head.replacedClasses
    unusedTensors = weights.unused
    initialized = weights.initialized
    checkpointKeys = weights.keys
  }

  /// Adds an adapter with a head for `classes` classes, independent of the base's own head.
  ///
  /// - Parameters:
  ///   - method: The method of the adapter.
  ///   - id: The name of the adapter on this model.
  ///   - seed: The seed of the initial values; `nil` leaves them zero, to be loaded from a file.
  ///   - classes: C, the number of classes of the adapter's head.
  ///   - extras: Further contents of the adapter: values of base parameters, or a head with a different structure.
  /// - Throws: The errors of `AdaptableModel.inject`, ``TransformerError/noPositions(method:needed:positions:)``, or
  ///   ``TransformerError/noPooler(family:)``. The model is then unchanged.
  @discardableResult
  public func inject(
    _ method: any ParameterEfficientMethod, as id: AdapterID, seed: UInt64?, classes: Int,
    carrying extras: AdapterExtras = AdapterExtras()
  ) throws -> Adapter {
    let adapter = try detached(method, as: id, seed: seed, classes: classes, carrying: extras)
    try adaptable.attach(adapter)
    return adapter
  }

  /// Returns the adapter that ``inject(_:as:seed:classes:carrying:)`` would add, without attaching it.
  package func detached(
    _ method: any ParameterEfficientMethod, as id: AdapterID, seed: UInt64?, classes: Int,
    carrying extras: AdapterExtras
  ) throws -> Adapter {
    let adapter = try planned(method, as: id, seed: seed, classes: classes, carrying: extras)
    let longest = longestSequence(with: adapter)
    guard longest >= Self.minimumSequenceLength else {
      throw TransformerError.noPositions(
        method: type(of: method).name, needed: configuration.longestSequence - longest,
        positions: configuration.longestSequence)
    }
    return adapter
  }

  private func planned(
    _ method: any ParameterEfficientMethod, as id: AdapterID, seed: UInt64?, classes: Int,
    carrying extras: AdapterExtras
  ) throws -> Adapter {
    guard let shape = extras.head else {
      return try adaptable.detached(
        method, as: id, seed: seed, head: head.replacements(classes: classes, seed: seed), carrying: extras.carried)
    }
    guard !shape.pooler || hasPooler else { throw TransformerError.noPooler(family: family.modelType) }
    return try adaptable.detached(method, as: id, seed: seed, carrying: extras.carried) { [head] plan in
      head.plan(shape, classes: classes, in: &plan)
    }
  }

  /// Whether the pretrained model has a pooler, which a head with a different structure can read.
  public var hasPooler: Bool { head.denseIsPretrained }

  /// Returns the maximum sequence length in tokens with an adapter, which may use some of the positions.
  public func longestSequence(with adapter: Adapter) -> Int { configuration.longestSequence - adapter.positionShift }

  /// One token between the two special tokens.
  private static let minimumSequenceLength = 3

  /// Computes the logits of the pass's sequences, `[S, C]`, or of its tokens, `[T, C]`.
  ///
  /// - Parameters:
  ///   - rows: The tokens for which the head computes logits.
  ///   - pass: A pass that has started a part of a batch.
  ///   - dropouts: The dropouts in training; `nil` means those of the configuration.
  public func logits(of rows: EncoderRows = .firstTokens, in pass: Pass, dropouts: BaseDropouts? = nil) -> Tensor {
    let dropouts = dropouts ?? configuration.dropouts
    return head.forward(encoder.hiddenStates(of: rows, dropouts: dropouts, in: pass), dropouts: dropouts, in: pass)
  }

  /// Computes the logits of each sequence of the pass: `[C]` for the first tokens; for all tokens, those of one token after another.
  package func logitsBySequence(of rows: EncoderRows, in pass: Pass) -> [[Float]] {
    rows.bySequence(logits(of: rows, in: pass).toRows(), pass.batch)
  }

  /// A sequence of a mixed batch with its adapters.
  public struct BatchItem: Sendable {
    /// The token ids.
    public let ids: [Int32]
    /// The token types.
    public let typeIDs: [Int32]
    /// The active adapters, stacked in this order.
    public let adapters: [AdapterID]

    /// Creates an item from token ids, token types, and the adapters to use, stacked in this order.
    public init(ids: [Int32], typeIDs: [Int32], adapters: [AdapterID]) {
      self.ids = ids
      self.typeIDs = typeIDs
      self.adapters = adapters
    }
  }

  /// Computes the logits of sequences in one packed batch, each with its own adapters: any methods, any numbers of classes.
  ///
  /// - Parameters:
  ///   - items: The sequences.
  ///   - rows: The tokens for which the heads compute logits.
  ///   - workers: The workers that share the batch.
  /// - Returns: The logits of each sequence, `[C]` for the last of its adapters; for all tokens, those of one token after another.
  /// - Throws: `AdapterError.unknown` if an adapter is not attached.
  public func logits(of items: [BatchItem], rows: EncoderRows = .firstTokens, workers: Workers) throws -> [[Float]] {
    try logits(of: items, rows: rows, with: adaptable.adapterSet, workers: workers)
  }

  /// Computes the logits of a mixed batch with adapters from `adapterSet`.
  package func logits(
    of items: [BatchItem], rows: EncoderRows, with adapterSet: AdapterSet, workers: Workers
  ) throws -> [[Float]] {
    var groups: [[AdapterID]] = []
    let members = items.map { item in
      if let known = groups.firstIndex(of: item.adapters) { return known }
      groups.append(item.adapters)
      return groups.count - 1
    }
    let bindings = try groups.map { try adapterSet.bindings(active: $0) }
    let order = items.indices.sorted { (members[$0], $0) < (members[$1], $1) }
    var batch = PackedBatch()
    for index in order { batch.append(ids: items[index].ids, typeIDs: items[index].typeIDs, group: members[index]) }
    let parts = workers.run(batch, mode: .inference, groups: bindings) { pass, _ in
      let dropouts = BaseDropouts(all: 0)
      let tokens = encoder.hiddenStates(of: rows, dropouts: dropouts, in: pass)
      let logits = pass.eachGroup { group in
        head.forward(group.of(tokens), dropouts: dropouts, in: pass).toRows()
      }
      return rows.bySequence(Array(logits.joined()), pass.batch)
    }
    var logits = [[Float]](repeating: [], count: items.count)
    for (index, row) in zip(order, parts.joined()) { logits[index] = row }
    return logits
  }

  /// Returns the keys and values that each attention layer of the base computes for some tokens of a batch, without any adapter.
  public func attentionActivations(of batch: PackedBatch, tokens: Range<Int>) -> [AttentionActivations] {
    let pass = Pass()
    pass.begin(batch, mode: .inference, bindings: adaptable.baseBindings)
    return encoder.activations(of: tokens, in: pass)
  }
}
