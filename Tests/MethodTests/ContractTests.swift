import GraftAdapterFiles
import GraftBaselines
import GraftCore
import GraftHarness
import GraftHoulsby
import GraftLoRA
import GraftPrefix
import GraftTestSupport
import GraftTransformer
import Testing

/// The guarantees of every method. To test a new method, add one line to ``methods``.
struct ContractTests {
  /// A method with its options, and its name in failures.
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let method: any ParameterEfficientMethod
    /// Whether a new adapter has no effect.
    var startsAsIdentity = true
    /// Whether a new adapter leaves the logits bit-identical.
    var startsExactly = true
    /// Whether the method can be merged.
    var merges = true

    static func lora(
      _ name: String, isExact: Bool = true, _ change: (inout LoRAConfiguration) -> Void = { _ in }
    ) -> Case {
      var configuration = LoRAConfiguration()
      change(&configuration)
      return Case(testDescription: name, method: LoRA(configuration), startsExactly: isExact)
    }
  }

  static func houlsby(_ name: String, isIdentity: Bool = true, _ change: (inout HoulsbyConfiguration) -> Void) -> Case {
    var configuration = HoulsbyConfiguration()
    change(&configuration)
    return Case(
      testDescription: name, method: Houlsby(configuration), startsAsIdentity: isIdentity, merges: false)
  }

  static func prefix(_ name: String, _ change: (inout PrefixConfiguration) -> Void) -> Case {
    var configuration = PrefixConfiguration()
    configuration.length = 3
    change(&configuration)
    return Case(testDescription: name, method: Prefix(configuration), startsAsIdentity: false, merges: false)
  }

  static let methods: [Case] = [
    .lora("LoRA"),
    .lora("LoRA, rank-stabilized, everywhere") {
      $0.rankStabilized = true
      $0.targets = .roles(.query, .key, .value, .attentionOutput, .feedForwardIn, .feedForwardOut)
    },
    .lora("LoRA, with an override") {
      $0.overrides = [.init(targets: .roles(.query), rank: 3, alpha: 40)]
    },
    .lora("DoRA", isExact: false) { $0.dora = true },
    houlsby("Houlsby") { $0.bottleneck = 5 },
    houlsby("Houlsby, with layer norms") { ($0.trainLayerNorm, $0.activation, $0.scale) = (true, .gelu, 0.5) },
    houlsby("Houlsby, initialized like BERT", isIdentity: false) { $0.initialization = .bert },
    houlsby("Pfeiffer") { ($0.placement, $0.bottleneck) = (.feedForward, 8) },
    houlsby("parallel adapter") { ($0.placement, $0.bottleneck, $0.scale) = (.parallel, 8, 4) },
    prefix("prefix") { _ in },
    prefix("prefix, with a projection") { ($0.projection, $0.deviation) = (7, 0.5) },
    prefix("prefix, with shifted positions") { ($0.positionShift, $0.deviation) = (true, 0.5) },
    // Its copies of the weights are not packed.
    Case(testDescription: "full", method: FullFineTuning(.init()), startsExactly: false),
    Case(testDescription: "head", method: HeadOnly(.init())),
    // The method of the page about methods.
    Case(testDescription: "Parallel adapter", method: ParallelAdapter(.init()), merges: false),
  ]

  /// Returns a registry of all methods.
  static func registry() throws -> MethodRegistry {
    var registry = MethodRegistry()
    try registry.register(LoRA.self)
    try registry.register(Houlsby.self)
    try registry.register(Prefix.self)
    try registry.register(FullFineTuning.self)
    try registry.register(HeadOnly.self)
    try registry.register(ParallelAdapter.self)
    return registry
  }

  /// Every method on every family.
  static let cases = ReferenceModel.all.flatMap { reference in methods.map { (reference, $0) } }

  private func load(_ reference: ReferenceModel) throws -> SequenceClassifier {
    try SequenceClassifier(folder: reference.folder, classes: 3, seed: 0)
  }

  /// Returns the logits of some arbitrary sequences.
  private func logits(_ model: SequenceClassifier) -> [Float] {
    let pass = Pass()
    pass.begin(batch, mode: .inference, bindings: model.adaptable.bindings())
    return model.logits(in: pass).toArray()
  }

  private var batch: PackedBatch {
    var batch = PackedBatch()
    for length in [5, 1, 17, 37] {
      batch.append(ids: (0..<length).map { Int32($0 * 7 % 96) }, typeIDs: Array(repeating: 0, count: length))
    }
    return batch
  }

  /// Sets every parameter of an adapter to random values, so that nothing is zero.
  private func randomize(_ adapter: Adapter, seed: UInt64) {
    for parameter in adapter.parameters {
      var random = RandomStream(seed: seed, purpose: parameter.name)
      for i in parameter.values.indices { parameter.values[i] = Float(random.uniform() - 0.5) * 0.3 }
    }
  }

  private func distance(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).map { abs($0 - $1) }.max() ?? .infinity }

  @Test(arguments: cases)
  func `a new adapter does not change the logits`(reference: ReferenceModel, method: Case) throws {
    let model = try load(reference)
    let before = logits(model)
    try model.adaptable.inject(method.method, as: "a", seed: 1)
    let after = logits(model)
    if method.startsAsIdentity { #expect(method.startsExactly ? after == before : distance(after, before) < 1e-5) }
  }

  @Test(arguments: cases)
  func `all parameters of the adapter get gradients, and no others do`(reference: ReferenceModel, method: Case) throws {
    let model = try load(reference)
    let frozen = BaseIdentity.hash(of: model)
    let adapter = try model.adaptable.inject(method.method, as: "a", seed: 1)
    randomize(adapter, seed: 2)
    let bindings = model.adaptable.bindings(training: adapter)
    #expect(bindings.trainedCount == adapter.parameterCount)
    let pass = Pass()
    pass.begin(batch, mode: .training(nil), bindings: bindings)
    _ = pass.crossEntropy(model.logits(in: pass), labels: [0, 1, 2, 0], weight: 0.25)
    pass.runBackwardPass()
    for parameter in adapter.parameters {
      let offset = try #require(bindings.offset(of: parameter))
      let gradient = pass.parameterGradients[offset..<offset + parameter.count]
      #expect(gradient.contains { $0 != 0 }, "\(parameter.name)")
      #expect(gradient.allSatisfy { $0.isFinite }, "\(parameter.name)")
    }
    #expect(BaseIdentity.hash(of: model) == frozen)
  }

  @Test(arguments: cases)
  func `a merged adapter has the same logits as an attached one`(reference: ReferenceModel, method: Case) throws {
    let model = try load(reference)
    let before = logits(model)
    randomize(try model.adaptable.inject(method.method, as: "a", seed: 1), seed: 3)
    let attached = logits(model)
    #expect(distance(attached, before) > 0.01)
    guard method.merges else {
      #expect(throws: AdapterError.self) { try model.adaptable.merge("a") }
      return
    }
    try model.adaptable.merge("a")
    #expect(distance(logits(model), attached) < 2e-5)
    try model.adaptable.unmerge("a")
    #expect(logits(model) == attached)
  }

  @Test(arguments: cases)
  func `removal in any order restores the base bit for bit`(reference: ReferenceModel, method: Case) throws {
    let model = try load(reference)
    let before = logits(model)
    let hash = BaseIdentity.hash(of: model)
    for order in [["a", "b", "c"], ["b", "a", "c"], ["c", "b", "a"], ["b", "c", "a"]] {
      for (index, name) in ["a", "b", "c"].enumerated() {
        randomize(
          try model.adaptable.inject(method.method, as: AdapterID(name), seed: UInt64(index)), seed: UInt64(index))
      }
      #expect(logits(model) != before)
      for name in order { try model.adaptable.remove(AdapterID(name)) }
      #expect(logits(model) == before, "\(order)")
    }
    #expect(BaseIdentity.hash(of: model) == hash)
  }

  @Test func `an override that matches none of the targets is rejected`() throws {
    var configuration = LoRAConfiguration()
    configuration.overrides = [.init(targets: .roles(.key), rank: 3)]
    let model = try load(.bert)
    let error = #expect(throws: SelectorError.self) {
      try model.adaptable.inject(LoRA(configuration), as: "a", seed: 1)
    }
    #expect(error?.description.hasPrefix("the override for role:key matches none of the modules") == true)
    #expect(model.adaptable.adapters.isEmpty)
  }

  @Test(arguments: methods)
  func `a saved adapter loads with the same logits`(method: Case) throws {
    let task = try TinyTask()
    let registry = try Self.registry()
    let workers = Workers(count: 1)
    let locator = BaseLocator(home: task.data.file("home"))
    let base = try PretrainedBase(task.base.folder.path, classes: 2, seed: 3, locator: locator)
    let adapter = try base.model.adaptable.inject(method.method, as: "a", seed: 1)
    randomize(adapter, seed: 5)
    let expected = logits(base.model)
    let path = task.data.file("a.safetensors.zst")
    try AdapterFile.write(
      adapter, on: base, task: TaskDefinition.sst2.adapterTask, maxLength: 64, seed: 1, workers: workers, to: path)

    let other = try PretrainedBase(task.base.folder.path, classes: 2, seed: 99, locator: locator)
    let before = logits(other.model)
    let file = try AdapterFile(path: path)
    let loaded = try file.attach(to: other, as: "b", methods: registry, workers: workers)
    if (method.method as? any FoldableMethod)?.folded != nil {
      #expect(distance(logits(other.model), expected) < 1e-5)
      #expect(loaded.parameters.contains { $0.name.hasSuffix("prefix_keys") })
    } else {
      #expect(logits(other.model) == expected)
      #expect(loaded.parameters.map(\.name) == adapter.parameters.map(\.name))
      #expect(zip(loaded.parameters, adapter.parameters).allSatisfy { $0.values.elementsEqual($1.values) })
    }
    try other.model.adaptable.remove("b")
    #expect(logits(other.model) == before)
  }
}
