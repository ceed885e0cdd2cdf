import GraftBaselines
import GraftCore
import GraftHarness
import GraftHoulsby
import GraftLoRA
import GraftPrefix
import GraftTestSupport
import GraftTransformer
import Testing

/// What every method must keep, whatever it does. A new method joins by one line in ``methods``.
struct ContractTests {
  /// A method with options, by what it is called in a failure.
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let method: any ParameterEfficientMethod
    /// Whether it starts by changing nothing.
    var startsAsIdentity = true
    /// Whether that holds to the last bit.
    var startsExactly = true
    /// Whether it can be merged.
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
    houlsby("Houlsby, with its norms") { ($0.trainLayerNorm, $0.activation, $0.scale) = (true, .gelu, 0.5) },
    houlsby("Houlsby, started as BERT", isIdentity: false) { $0.initialization = .bert },
    houlsby("Pfeiffer") { ($0.placement, $0.bottleneck) = (.feedForward, 8) },
    houlsby("parallel adapter") { ($0.placement, $0.bottleneck, $0.scale) = (.parallel, 8, 4) },
    prefix("prefix") { _ in },
    prefix("prefix, through a projection") { ($0.projection, $0.deviation) = (7, 0.5) },
    prefix("prefix, with moved positions") { ($0.positionShift, $0.deviation) = (true, 0.5) },
    // Its copies of the weights are not packed.
    Case(testDescription: "full", method: FullFineTuning(.init()), startsExactly: false),
    Case(testDescription: "head", method: HeadOnly(.init())),
  ]

  /// A registry of all of them.
  static func registry() throws -> MethodRegistry {
    var registry = MethodRegistry()
    try registry.register(LoRA.self)
    try registry.register(Houlsby.self)
    try registry.register(Prefix.self)
    try registry.register(FullFineTuning.self)
    try registry.register(HeadOnly.self)
    return registry
  }

  /// Every method on every family.
  static let cases = ReferenceModel.all.flatMap { reference in methods.map { (reference, $0) } }

  private func load(_ reference: ReferenceModel) throws -> SequenceClassifier {
    try SequenceClassifier(folder: reference.folder, classes: 3, seed: 0)
  }

  /// The logits of some made-up sequences.
  private func answer(_ model: SequenceClassifier) -> [Float] {
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

  /// Gives every parameter of an adapter random values, so that nothing is zero by chance.
  private func scatter(_ adapter: Adapter, seed: UInt64) {
    for parameter in adapter.parameters {
      var random = RandomStream(seed: seed, purpose: parameter.name)
      for i in parameter.values.indices { parameter.values[i] = Float(random.uniform() - 0.5) * 0.3 }
    }
  }

  private func distance(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).map { abs($0 - $1) }.max() ?? .infinity }

  @Test(arguments: cases)
  func `a new adapter answers as the base does`(reference: ReferenceModel, method: Case) throws {
    let model = try load(reference)
    let before = answer(model)
    try model.adaptable.inject(method.method, as: "a", seed: 1)
    let after = answer(model)
    if method.startsAsIdentity { #expect(method.startsExactly ? after == before : distance(after, before) < 1e-5) }
  }

  @Test(arguments: cases)
  func `gradients go to the adapter alone, and to all of it`(reference: ReferenceModel, method: Case) throws {
    let model = try load(reference)
    let frozen = BaseIdentity.hash(of: model)
    let adapter = try model.adaptable.inject(method.method, as: "a", seed: 1)
    scatter(adapter, seed: 2)
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
  func `merged gives what attached gives`(reference: ReferenceModel, method: Case) throws {
    let model = try load(reference)
    let before = answer(model)
    scatter(try model.adaptable.inject(method.method, as: "a", seed: 1), seed: 3)
    let attached = answer(model)
    #expect(distance(attached, before) > 0.01)
    guard method.merges else {
      #expect(throws: AdapterError.self) { try model.adaptable.merge("a") }
      return
    }
    try model.adaptable.merge("a")
    #expect(distance(answer(model), attached) < 2e-5)
    try model.adaptable.unmerge("a")
    #expect(answer(model) == attached)
  }

  @Test(arguments: cases)
  func `removal leaves the base's every bit, in any order`(reference: ReferenceModel, method: Case) throws {
    let model = try load(reference)
    let (before, hash) = (answer(model), BaseIdentity.hash(of: model))
    for order in [["a", "b", "c"], ["b", "a", "c"], ["c", "b", "a"], ["b", "c", "a"]] {
      for (index, name) in ["a", "b", "c"].enumerated() {
        scatter(
          try model.adaptable.inject(method.method, as: AdapterID(name), seed: UInt64(index)), seed: UInt64(index))
      }
      #expect(answer(model) != before)
      for name in order { try model.adaptable.remove(AdapterID(name)) }
      #expect(answer(model) == before, "\(order)")
    }
    #expect(BaseIdentity.hash(of: model) == hash)
  }

  @Test func `an override that takes none of the targets is refused`() throws {
    var configuration = LoRAConfiguration()
    configuration.overrides = [.init(targets: .roles(.key), rank: 3)]
    let model = try load(.bert)
    let error = #expect(throws: SelectorError.self) {
      try model.adaptable.inject(LoRA(configuration), as: "a", seed: 1)
    }
    #expect(error?.description.hasPrefix("the override for role:key takes none of the modules") == true)
    #expect(model.adaptable.adapters.isEmpty)
  }

  @Test(arguments: methods)
  func `its file gives the same answers back`(method: Case) throws {
    let task = try TinyTask()
    let registry = try Self.registry()
    let workers = Workers(count: 1)
    let locator = BaseLocator(home: task.data.file("home"))
    let base = try PretrainedBase(task.base.folder.path, classes: 2, seed: 3, locator: locator)
    let adapter = try base.model.adaptable.inject(method.method, as: "a", seed: 1)
    scatter(adapter, seed: 5)
    let expected = answer(base.model)
    let path = task.data.file("a.safetensors.zst")
    try AdapterFile.write(adapter, on: base, task: .sst2, maxLength: 64, seed: 1, workers: workers, to: path)

    let again = try PretrainedBase(task.base.folder.path, classes: 2, seed: 99, locator: locator)
    let before = answer(again.model)
    let file = try AdapterFile(path: path)
    let loaded = try file.attach(to: again, as: "b", methods: registry, workers: workers)
    if (method.method as? any FoldableMethod)?.folded != nil {
      #expect(distance(answer(again.model), expected) < 1e-5)
      #expect(loaded.parameters.contains { $0.name.hasSuffix("prefix_keys") })
    } else {
      #expect(answer(again.model) == expected)
      #expect(loaded.parameters.map(\.name) == adapter.parameters.map(\.name))
      #expect(zip(loaded.parameters, adapter.parameters).allSatisfy { $0.values.elementsEqual($1.values) })
    }
    try again.model.adaptable.remove("b")
    #expect(answer(again.model) == before)
  }
}
