import GraftAdapterFiles
import GraftCore
import GraftLoRA
import GraftTestSupport
import GraftTransformer
import Testing

struct FusedProjectionTests {
  @Test func `adapters on all ranges of a fused projection equal one on the whole`() throws {
    let run = try ReferenceRun(.modernBERT)
    let expected = try run.reference.tensors("logits").values("lora")
    try injectRanges(run)
    let attached = run.logits()
    #expect(distance(attached, expected) < 1e-4)

    let untouched = values(run)
    try run.model.adaptable.merge("golden")
    #expect(run.logits() != attached && distance(run.logits(), expected) < 1e-4)
    try run.model.adaptable.unmerge("golden")
    #expect(run.logits() == attached && values(run) == untouched)
  }

  @Test func `an adapter on a range changes only that range when it is merged`() throws {
    let run = try ReferenceRun(.modernBERT)
    var configuration = run.lora
    configuration.targets = .roles(.key)
    let adapter = try run.model.adaptable.inject(LoRA(configuration), as: "keys", seed: 1)
    for parameter in adapter.parameters where parameter.name.hasSuffix("lora_B") {
      parameter.values.update(repeating: 0.1)
    }
    let merged = try run.model.adaptable.adapterSet.mergedParameters(under: ["keys"])
    #expect(merged.isEmpty)  // attached, not merged
    try run.model.adaptable.merge("keys")
    let changed = try run.model.adaptable.adapterSet.mergedParameters(under: ["keys"])
    #expect(
      changed.map(\.original.name).filter { !$0.hasPrefix("head") && !$0.hasPrefix("classifier") }
        == (0..<3).map { "layers.\($0).attn.Wqkv.weight" })
    for (original, value) in changed where original.name.hasSuffix("Wqkv.weight") {
      let differing = (0..<96).filter { row in
        (0..<32).contains { original.values[row * 32 + $0] != value.values[row * 32 + $0] }
      }
      #expect(differing == Array(32..<64))
    }
  }

  @Test func `thawing a range thaws the whole`() throws {
    let run = try ReferenceRun(.modernBERT)
    let slot = try #require(
      run.model.adaptable.modules.compactMap { $0.slot(ProjectionSlot.self) }.first { $0.role == .value })
    let adapter = try run.model.adaptable.inject(Thawed(weight: slot.frozen.weight), as: "thawed", seed: 1)
    #expect(adapter.parameters.map(\.name).contains("layers.0.attn.Wqkv.weight"))
    let before = run.logits()
    let weight = try #require(adapter.parameters.first { $0.name == "layers.0.attn.Wqkv.weight" })
    weight.values.update(repeating: 0)
    #expect(run.logits() != before)
  }

  @Test func `an adapter on a range is applied to a folder and removed from it`() throws {
    var families = FamilyRegistry.builtIn
    try families.register(ModernBERTParts.self)
    let folder = try ModelFolder.written(.modernBERT).folder
    let base = try PretrainedBase(
      folder.path, seed: 1, locator: BaseLocator(home: folder.file("home")), families: families)
    var lora = LoRAConfiguration()
    lora.targets = .roles(.query, .value, .feedForwardGate)
    let adapter = try base.model.inject(LoRA(lora), as: "a", seed: 1, classes: 2)
    for parameter in adapter.parameters {
      for i in parameter.values.indices { parameter.values[i] += Float(i % 5) * 0.02 }
    }
    let path = folder.file("a.safetensors.zst")
    _ = try AdapterFile.write(
      adapter, on: base, task: AdapterTask(labels: ["x", "y"], columns: .init(text: "text", label: "label")),
      maxLength: 16, seed: 1, workers: Workers(count: 1), to: path)
    let named = [try NamedAdapter(path: path)]
    _ = try MergedFolder(base: base).write(named, to: folder.file("merged"))
    let merged = try SequenceClassifier(folder: folder.file("merged"), classes: nil, seed: 0, families: families)
    let pass = Pass()
    var batch = PackedBatch()
    batch.append(ids: [1, 7, 9, 30, 2], typeIDs: [0, 0, 0, 0, 0])
    func logits(_ model: SequenceClassifier, _ bindings: ParameterBindings) -> [Float] {
      pass.begin(batch, mode: .inference, bindings: bindings)
      return model.logits(in: pass).toArray()
    }
    let attached = logits(base.model, base.model.adaptable.bindings(ofOnly: [adapter]))
    #expect(distance(logits(merged, merged.adaptable.baseBindings), attached) < 1e-5)
    _ = try RestoredFolder(folder.file("merged"), families: families).write(without: nil, to: folder.file("restored"))
    #expect(try folder.bytes("restored/model.safetensors") == folder.bytes("model.safetensors"))
  }

  /// Injects LoRA on queries, keys, and values whose values are those of the reference adapter on the fused projection.
  private func injectRanges(_ run: ReferenceRun) throws {
    var configuration = run.lora
    configuration.targets = .roles(.query, .key, .value)
    let adapter = try run.model.adaptable.inject(LoRA(configuration), as: "golden", seed: 1)
    let tensors = try run.reference.tensors("lora")
    for parameter in adapter.parameters {
      var name = parameter.name
      var rows = 0..<parameter.rows
      for (index, range) in ["query", "key", "value"].enumerated() where name.contains(".Wqkv.\(range).") {
        name = name.replacing(".\(range).", with: ".")
        if name.hasSuffix("lora_B") { rows = index * 32..<(index + 1) * 32 }
      }
      let width = parameter.columns
      let values = try tensors.values(name)
      _ = parameter.values.update(from: values[rows.lowerBound * width..<rows.upperBound * width])
    }
  }

  private func values(_ run: ReferenceRun) -> [[Float]] { run.model.adaptable.parameters.map { Array($0.values) } }
}

/// Thaws one parameter.
private struct Thawed: ParameterEfficientMethod {
  static let name = "thawed"
  static let title = "thawed"
  static let summary = "trains one parameter"
  let weight: Parameter
  let configuration = NoOptions()

  init(_ configuration: NoOptions) { preconditionFailure("only created in code") }
  init(weight: Parameter) { self.weight = weight }

  func plan(_ plan: inout InjectionPlan) throws { plan.thaw(weight) }
}
