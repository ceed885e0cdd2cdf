import GraftCore
import Testing

/// A minimal method for testing the protocol: adds a scaled low-rank update to a projection.
private struct Nudge: ParameterEfficientMethod {
  struct Configuration: Codable, Sendable {
    var targets = TargetModules.roles(.query)
    var fails = false
    init() {}
    init(from decoder: any Decoder) throws {
      var options = try OptionReader(decoder)
      options.ignore("name")
      targets = try options.value("targets", default: targets, "projections to change")
      fails = try options.value("fails", default: fails, "fail while planning")
      try options.finish()
    }
  }
  struct Refusal: Error {}
  struct Layer: MergeableAttachment {
    let c: Parameter
    let a: Parameter
    func forward(_ x: Tensor, output y: Tensor, in pass: Pass) -> Tensor {
      pass.addLinear(pass.linear(x, weight: pass.tensor(a), bias: nil), weight: pass.tensor(c), scale: 0.5, to: y)
    }
    func apply(to change: inout LayerChange, mergeConstants: [Float]) { change.addProduct(c, a, scale: 0.5) }
  }

  static let name = "nudge"
  static let title = "Nudge"
  static let summary = "a method for tests"
  let configuration: Configuration
  init(_ configuration: Configuration) { self.configuration = configuration }

  func plan(_ plan: inout InjectionPlan) throws {
    for slot in try plan.projections(configuration.targets) {
      let a = plan.makeParameter("a", of: slot.path, shape: [2, slot.inputWidth], .normal(deviation: 1))
      let c = plan.makeParameter("c", of: slot.path, shape: [slot.outputWidth, 2], .normal(deviation: 1))
      plan.attach(Layer(c: c, a: a), to: slot)
    }
    if configuration.fails { throw Refusal() }
  }
}

@Suite struct InjectionTests {
  private let slots: [ProjectionSlot]
  private let model: AdaptableModel
  private let input = Parameter(name: "x", shape: [5, 6])

  init() {
    func parameter(_ name: String, _ shape: [Int]) -> Parameter {
      let parameter = Parameter(name: name, shape: shape)
      Initializer.normal(deviation: 1).fill(parameter, seed: 9)
      return parameter
    }
    slots = (0..<2).flatMap { layer in
      [("query", Role.query), ("value", Role.value)].map { name, role in
        ProjectionSlot(
          path: ModulePath("layer.\(layer).\(name)"), role: role, layer: layer,
          frozen: Linear(
            weight: parameter("layer.\(layer).\(name).weight", [6, 6]),
            bias: parameter("layer.\(layer).\(name).bias", [6])))
      }
    }
    let head = [parameter("classifier.weight", [2, 6]), parameter("classifier.bias", [2])]
    let norm = Module(path: "norm", kind: .layerNorm, parameters: [parameter("norm.weight", [6])])
    model = AdaptableModel(
      modules: slots.map { Module($0) } + [norm, Module(path: "classifier", kind: .head, parameters: head)], head: head)
    Initializer.normal(deviation: 1).fill(input, seed: 2)
  }

  private func nudge(_ targets: String...) throws -> Nudge {
    var configuration = Nudge.Configuration()
    configuration.targets = TargetModules(include: try targets.map { try TargetSelector($0) })
    return Nudge(configuration)
  }

  /// Returns the bits of the output of all slots applied in sequence.
  private func output() -> [UInt32] {
    let pass = Pass()
    pass.begin(someBatch([5]), mode: .inference, bindings: model.bindings())
    return slots.reduce(pass.tensor(input)) { $1.forward($0, in: pass) }.toArray().map(\.bitPattern)
  }

  private var baseBits: [UInt32] { model.parameters.flatMap { $0.values.map(\.bitPattern) } }

  @Test func `adapters can be removed in any order without changing a bit of the base`() throws {
    let original = output()
    let bits = baseBits
    for order in [["a", "b", "c"], ["c", "a", "b"], ["b", "c", "a"], ["c", "b", "a"]] {
      try model.inject(try nudge("*.query"), as: "a", seed: 1)
      let withA = output()
      try model.inject(try nudge("*.value", "layer.{0}.query"), as: "b", seed: 2)
      try model.inject(try nudge("*"), as: "c", seed: 3)
      #expect(withA != original && output() != withA)
      for id in order { try model.remove(AdapterID(id)) }
      #expect(output() == original, "\(order)")
    }
    #expect(baseBits == bits)
  }

  @Test func `removing an adapter does not affect the others`() throws {
    try model.inject(try nudge("*.query"), as: "a", seed: 1)
    try model.inject(try nudge("*.value"), as: "c", seed: 3)
    let both = output()
    try model.remove("c")
    try model.inject(try nudge("*"), as: "b", seed: 2)
    try model.inject(try nudge("*.value"), as: "c", seed: 3)
    #expect(output() != both)
    try model.remove("b")
    #expect(output() == both)
  }

  @Test func `merging changes the output only by rounding, and unmerging restores every bit`() throws {
    try model.inject(try nudge("*.query"), as: "a", seed: 1)
    try model.inject(try nudge("*"), as: "b", seed: 2)
    let attached = output()
    let bits = baseBits
    func distance() -> Double {
      relativeDistance(output().map { Double(Float(bitPattern: $0)) }, attached.map { Double(Float(bitPattern: $0)) })
    }
    try model.merge("a")
    #expect(output() != attached && distance() < 1e-5)
    try model.merge("b")
    #expect(distance() < 1e-5)
    try model.unmerge("a")
    #expect(distance() < 1e-5)
    try model.unmerge("b")
    #expect(output() == attached)
    #expect(baseBits == bits)
  }

  @Test func `a failing plan leaves the model unchanged`() throws {
    let original = output()
    var configuration = Nudge.Configuration()
    configuration.fails = true
    #expect(throws: Nudge.Refusal.self) { try model.inject(Nudge(configuration), as: "a", seed: 1) }
    #expect(throws: SelectorError.self) { try model.inject(try nudge("*.query", "*.qeury"), as: "a", seed: 1) }
    #expect(model.adapters.isEmpty)
    #expect(output() == original)
  }

  @Test func `every adapter includes the head`() throws {
    let adapter = try model.inject(try nudge("layer.{1}.query"), as: "a", seed: 1)
    #expect(
      adapter.parameters.map(\.name) == ["layer.1.query.a", "layer.1.query.c", "classifier.weight", "classifier.bias"])
    #expect(adapter.parameterCount == 24 + 14 && adapter.addedParameterCount == 24)
    #expect(adapter.parameters.allSatisfy { trained in !model.parameters.contains { $0 === trained } })
  }

  @Test func `a seed gives the same adapter regardless of other adapters`() throws {
    let alone = try model.inject(try nudge("*.value"), as: "a", seed: 5).parameters.map { Array($0.values) }
    try model.inject(try nudge("*"), as: "b", seed: 6)
    let same = try model.inject(try nudge("*.value"), as: "c", seed: 5).parameters.map { Array($0.values) }
    let other = try model.inject(try nudge("*.value"), as: "d", seed: 7).parameters.map { Array($0.values) }
    #expect(alone == same && alone != other)
  }

  @Test func `invalid operations throw specific errors`() throws {
    try model.inject(try nudge("*"), as: "a", seed: 1)
    #expect(throws: AdapterError.duplicate("a")) { try model.inject(try nudge("*"), as: "a", seed: 1) }
    #expect(throws: AdapterError.unknown("b", known: ["a"])) { try model.remove("b") }
    #expect(throws: AdapterError.notMerged("a")) { try model.unmerge("a") }
    try model.merge("a")
    #expect(throws: AdapterError.merged("a")) { try model.merge("a") }
    #expect(throws: AdapterError.merged("a")) { try model.remove("a") }
  }

  @Test func `a selector without usable matches suggests the nearest ones`() throws {
    let nothing = #expect(throws: SelectorError.self) { try nudge("*.qurey").plan(on: model) }
    #expect(
      nothing?.description
        == "selector '*.qurey' matches no module; the nearest are layer.*.query, layer.*.value")
    let norm = #expect(throws: SelectorError.self) { try nudge("norm").plan(on: model) }
    #expect(
      norm?.description
        == "selector 'norm' matches norm, which is a layer norm, but the method attaches to projections; "
        + "the nearest are layer.*.query, layer.*.value")
    var configuration = Nudge.Configuration()
    configuration.targets = TargetModules(
      include: [try TargetSelector("*.query")], exclude: [try TargetSelector("layer.*")])
    let excluded = #expect(throws: SelectorError.self) { try Nudge(configuration).plan(on: model) }
    #expect(excluded?.description.contains("leave no module") == true)
  }

  @Test func `a registry rejects a second method with the same name`() throws {
    var registry = MethodRegistry()
    try registry.register(Nudge.self)
    #expect(throws: RegistryError.duplicate("nudge", kind: "method")) { try registry.register(Nudge.self) }
    #expect(throws: RegistryError.unknown("nudg", kind: "method", known: ["nudge"])) {
      try registry.description(of: "nudg")
    }
    #expect(try registry.description(of: "nudge").options.map(\.name) == ["targets", "fails"])
    #expect(try registry.description(of: "nudge").options.map(\.fallback) == ["role:query", "false"])
  }
}

extension Nudge {
  /// Plans the method and removes the adapter again.
  fileprivate func plan(on model: AdaptableModel) throws {
    try model.inject(self, as: "trial", seed: 0)
    try model.remove("trial")
  }
}
