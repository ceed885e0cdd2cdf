import Foundation
import Graft
import Testing
import ThirdParty

/// VeRA has parameters that are shared by modules and do not train. They are stored, or derived from an option.
struct FrozenParameterTests {
  private let work: Workspace

  init() throws { work = try Workspace() }

  private func vera(seed: UInt64?) -> VeRA {
    var configuration = VeRAConfiguration()
    configuration.rank = 5
    configuration.projectionSeed = seed
    return VeRA(configuration)
  }

  @Test(arguments: [nil, 7] as [UInt64?])
  func `frozen parameters have no gradient and are shared by all modules of the same width`(seed: UInt64?) throws {
    let base = try PretrainedBase(work.base("bert"), seed: 1, locator: work.locator)
    let adapter = try base.model.inject(vera(seed: seed), as: "a", seed: 1, classes: 3)
    #expect(adapter.frozenParameters.map(\.name) == (seed == nil ? ["vera.A_32", "vera.B_32"] : []))
    #expect(adapter.targets.count == 6)
    // Two vectors for each of six modules, and the head.
    let vectorCount: Int = adapter.parameters.filter { $0.name.contains("vera_") }.reduce(0) { $0 + $1.count }
    #expect(vectorCount == 6 * (5 + 32))
    let headCount: Int = base.model.adaptable.head.reduce(0) { $0 + $1.count }
    #expect(adapter.parameterCount == vectorCount + headCount)
    #expect(base.model.adaptable.bindings(training: adapter).trained.allSatisfy { !$0.name.hasPrefix("vera.") })
    // The added parameters include the matrices, whether they are stored or not.
    #expect(adapter.addedParameterCount == vectorCount + 2 * 5 * 32)
  }

  @Test(arguments: [nil, 7] as [UInt64?])
  func `a file contains frozen parameters only if they are not derived, and restores the logits`(seed: UInt64?)
    throws
  {
    let folder = try work.base("distilbert")
    let file = try work.write("vera", vera(seed: seed), on: folder)
    let names = try AdapterFile(path: file).tensors.map(\.name)
    #expect(names.contains("vera.A_32") == (seed == nil) && names.contains("vera.B_32") == (seed == nil))
    // Loading also compares the logits with those in the file.
    let base = try PretrainedBase(folder, locator: work.locator)
    let loaded = try LoadedAdapter(file: file, on: base, as: "a", methods: work.methods)
    let again = work.path("again.safetensors.zst")
    try AdapterFile.write(
      loaded.adapter, on: base,
      task: AdapterTask(labels: ["x", "y", "z"], columns: .init(text: "text", label: "label")), maxLength: 64, seed: 1,
      workers: Workers(count: 1), to: again)
    #expect(try Data(contentsOf: URL(fileURLWithPath: again)) == Data(contentsOf: URL(fileURLWithPath: file)))
  }

  @Test func `a file without a frozen tensor is refused`() throws {
    let folder = try work.base("bert")
    let derived = try work.write("derived", vera(seed: 7), on: folder)
    let base = try PretrainedBase(folder, locator: work.locator)
    let adapter = try base.model.inject(vera(seed: nil), as: "new", seed: 1, classes: 3)
    let error = #expect(throws: AdapterFileError.self) {
      try AdapterFile(path: derived).initialize(
        adapter, on: base, for: AdapterTask(labels: ["x", "y", "z"], columns: .init(text: "text", label: "label")),
        workers: Workers(count: 1))
    }
    #expect(error?.description.contains("vera.A_32") == true)
  }

  @Test func `VeRA is applied on disk and removed again`() throws {
    let folder = try work.base("bert")
    let original = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/model.safetensors"))
    let file = try work.write("vera", vera(seed: nil), on: folder)
    let change = try MergedFolder(
      base: PretrainedBase(folder, locator: work.locator), named: "tiny", methods: work.methods
    ).write([NamedAdapter(path: file)], to: work.path("merged")).largestLogitChange
    #expect(change < 2e-5)
    _ = try RestoredFolder(work.path("merged"), methods: work.methods).write(without: nil, to: work.path("back"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: work.path("back/model.safetensors"))) == original)
  }

  @Test func `the error for a method without a mapping lists the methods that have one`() throws {
    let folder = try work.base("bert")
    let file = try work.write("vera", vera(seed: nil), on: folder)
    let loaded = try LoadedAdapter(
      file: file, on: PretrainedBase(folder, locator: work.locator), as: "a", methods: work.methods)
    let error = #expect(throws: ExchangeError.self) { try AdapterExport(loaded).write(.peft, to: work.path("no")) }
    #expect(error?.description.contains("the method 'vera' is not supported, expected IA3 or LoRA") == true)
  }
}

/// Adapters of a method from another package can be summed.
struct SumTests {
  @Test func `the sum of IA3 adapters changes the weights by the weighted sum of their changes`() throws {
    let work = try Workspace()
    let base = try PretrainedBase(work.base("bert"), seed: 1, locator: work.locator)
    let model = base.model.adaptable
    let first = try base.model.inject(IA3(.init()), as: "first", seed: 1, classes: 3)
    let second = try base.model.inject(IA3(.init()), as: "second", seed: 2, classes: 3)
    for (adapter, offset) in [(first, Float(0.25)), (second, -0.5)] {
      for parameter in adapter.parameters where parameter.name.hasSuffix("ia3_l") {
        for i in parameter.values.indices { parameter.values[i] += offset }
      }
    }
    let sum = try model.addSum(of: [("first", 2), ("second", 0.5)], .concatenated, as: "sum")
    let vectors = sum.parameters.filter { $0.name.hasSuffix("ia3_l") }
    let values: [Float] = vectors.flatMap(\.values)
    #expect(vectors.count == 9)
    #expect(values.allSatisfy { $0 == 1.25 })
    // The heads are summed with the same weights.
    func head(_ adapter: Adapter) -> [Float] {
      adapter.parameters.filter { $0.name.hasPrefix("classifier") }.flatMap { Array($0.values) }
    }
    let expected = zip(head(first), head(second)).map { (a: Float, b: Float) -> Float in 2 * a + 0.5 * b }
    let difference = zip(head(sum), expected).map { (a: Float, b: Float) -> Float in abs(a - b) }.max() ?? 1
    #expect(difference < 1e-6)
    var other = IA3.Configuration()
    other.targets = .roles(.key)
    try base.model.inject(IA3(other), as: "other", seed: 1, classes: 3)
    let error = #expect(throws: AdapterError.self) {
      try model.addSum(of: [("first", 1), ("other", 1)], .linear, as: "no")
    }
    #expect(error?.description.contains("its targets differ") == true)
    var vera = VeRAConfiguration()
    vera.rank = 2
    try base.model.inject(VeRA(vera), as: "vera", seed: 1, classes: 3)
    #expect(throws: AdapterError.self) { try model.addSum(of: [("vera", 1)], .linear, as: "no") }
  }
}
