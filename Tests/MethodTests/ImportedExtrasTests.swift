import Foundation
import GraftAdapterFiles
import GraftCore
import GraftExchange
import GraftHarness
import GraftInference
import GraftSafetensors
import GraftSupport
import GraftTestSupport
import GraftTransformer
import Testing

/// The further contents of an adapter, namely values of base parameters and a head with a different structure, are preserved by
/// every operation.
struct ImportedExtrasTests {
  private let sandbox: ImportSandbox

  init() throws { sandbox = try ImportSandbox() }

  static let carried = [
    ImportFixture(reference: .bert, name: "peft-bias-all"),
    ImportFixture(reference: .distilBERT, name: "peft-bias-all"),
    ImportFixture(reference: .bert, name: "peft-pooler"), ImportFixture(reference: .roBERTa, name: "peft-norms"),
    ImportFixture(reference: .distilBERT, name: "peft-norms"), ImportFixture(reference: .bert, name: "peft-norms"),
    ImportFixture(reference: .roBERTa, name: "peft-embeddings"),
  ]
  static let heads = [
    ImportFixture(reference: .bert, name: "hub-flex-2-tanh"),
    ImportFixture(reference: .bert, name: "hub-flex-pooler-2"),
    ImportFixture(reference: .distilBERT, name: "hub-flex-3"), ImportFixture(reference: .roBERTa, name: "hub-flex-1"),
  ]

  @Test(arguments: carried + heads)
  func `a file lists its extras, so that older readers reject it`(fixture: ImportFixture) throws {
    let (_, loaded) = try sandbox.imported(fixture)
    let extras = loaded.file.metadata.extras
    let isHead = fixture.name.hasPrefix("hub")
    #expect(extras.carried.isEmpty == isHead && (extras.head == nil) != isHead)
    let text = AdapterDescription(loaded.file).text
    #expect(text.contains(isHead ? "head       " : "carried    \(extras.carried.count) of the base's parameters"))
    let packed = try decompressed(loaded.file.path)
    #expect(packed.metadata["graft.requires"] == (isHead ? #"["head"]"# : #"["carried"]"#))
    #expect(Set(extras.carried).isSubset(of: packed.entries.map(\.name)))
  }

  private func decompressed(_ path: String) throws -> SafetensorsFile {
    let packed = try readFile(path)
    return try SafetensorsFile(
      bytes: packed.withUnsafeBytes { try decompress($0, limit: 1 << 30, name: path) }, name: path)
  }

  @Test(arguments: carried + heads)
  func `extras are verified, survive packing, and are identical when packed with the same type`(fixture: ImportFixture)
    throws
  {
    let (_, loaded) = try sandbox.imported(fixture)
    let verification = try loaded.verify()
    #expect(verification.probeDifference <= 1e-6 && verification.answersRestored && verification.baseUntouched)
    try loaded.packed(as: .float32).write(to: sandbox.work.file("same"))
    #expect(try AdapterDifference(loaded.file, AdapterFile(path: sandbox.work.file("same"))).identical)
    for type in StoredType.allCases where type != .float32 {
      let packing = try loaded.packed(as: type)
      try packing.write(to: sandbox.work.file("\(type)"))
      let again = try LoadedAdapter(
        file: sandbox.work.file("\(type)"), on: loaded.base, as: AdapterID("\(type)"), methods: ContractTests.registry()
      )
      #expect(again.file.metadata.extras == loaded.file.metadata.extras)
      #expect(try fixture.distance(again) < 0.5)
    }
  }

  @Test(arguments: carried)
  func `carried parameters are applied to a base and removed again byte for byte`(fixture: ImportFixture) throws {
    var model = try ModelFolder(fixture.reference)
    try model.writeTokenizer()
    model.rename { $0 }
    try model.write()
    let base = try PretrainedBase(model.folder.path, locator: sandbox.locator)
    let (_, loaded) = try sandbox.imported(fixture, on: base)
    try loaded.remove()
    let merged = sandbox.work.file("merged")
    let report = try MergedFolder(base: base, methods: ContractTests.registry()).write(
      [NamedAdapter(path: loaded.file.path)], to: merged)
    #expect(report.largestLogitChange < 2e-5)
    let plain = try PretrainedBase(merged, locator: sandbox.locator)
    let logits = try plain.model.logits(of: fixture.items(for: []), workers: Workers(count: 1))
    #expect(try zip(logits.joined(), fixture.expected.logits.joined()).allSatisfy { abs($0 - $1) < 5e-5 })
    _ = try RestoredFolder(merged, methods: ContractTests.registry()).write(
      without: nil, to: sandbox.work.file("restored"))
    for name in ["model.safetensors", "config.json"] {
      #expect(
        FileManager.default.contentsEqual(
          atPath: "\(model.folder.path)/\(name)", andPath: sandbox.work.file("restored/\(name)")), "\(name)")
    }
  }

  @Test(arguments: heads)
  func `a head that the base's class does not support can't be applied`(fixture: ImportFixture)
    throws
  {
    let (_, loaded) = try sandbox.imported(fixture)
    let error = #expect(throws: PatchError.self) {
      try MergedFolder(base: sandbox.base(fixture.reference), methods: ContractTests.registry()).write(
        [NamedAdapter(path: loaded.file.path)], to: sandbox.work.file("merged"))
    }
    #expect(error?.description.contains("ForSequenceClassification") == true)
    #expect(FileIdentity(path: sandbox.work.file("merged")) == nil)
  }

  @Test(arguments: carried)
  func `carried parameters are exported to peft and imported again`(fixture: ImportFixture) throws {
    let (report, loaded) = try sandbox.imported(fixture)
    _ = try AdapterExport(loaded).write(.peft, to: sandbox.work.file("peft"))
    let error = #expect(throws: ExchangeError.self) {
      try AdapterExport(loaded).write(.adapterHub, to: sandbox.work.file("hub"))
    }
    #expect(error?.description.contains("export it to peft") == true)
    let (again, back) = try sandbox.imported(fixture, from: sandbox.work.file("peft"), as: "b")
    #expect(try again.notes.isEmpty && again.parameters >= report.parameters && fixture.distance(back) <= 1e-5)
    guard Python.has("peft") else { return }
    let output = try Python.run(
      script: "Tests/Goldens/exchange_goldens.py", "--read", sandbox.work.file("peft"), fixture.reference.description,
      with: "adapters")
    let read = try JSONDecoder().decode(
      ImportFixture.Expected.self, from: Data(output.split(separator: "\n").last.map(String.init)!.utf8))
    let expected = try fixture.expected
    for (index, logits) in zip(read.sequences, read.logits) {
      #expect(zip(logits, expected.logits[index]).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  @Test(arguments: heads)
  func `a head with a different structure is exported to AdapterHub and imported again`(fixture: ImportFixture) throws {
    let (report, loaded) = try sandbox.imported(fixture)
    _ = try AdapterExport(loaded).write(.adapterHub, to: sandbox.work.file("hub"))
    let (again, back) = try sandbox.imported(fixture, from: sandbox.work.file("hub"), as: "b")
    #expect(try again.parameters == report.parameters && fixture.distance(back) <= 1e-5)
    #expect(back.file.metadata.extras == loaded.file.metadata.extras)
    let difference = try AdapterDifference(loaded.file, back.file)
    #expect(difference.tensors.isEmpty && difference.onlyInFirst.isEmpty && difference.onlyInSecond.isEmpty)
    let error = #expect(throws: ExchangeError.self) {
      try AdapterExport(loaded).write(.peft, to: sandbox.work.file("peft"))
    }
    #expect(error?.description.contains("export it to adapterhub") == true)
  }

  @Test(arguments: ReferenceModel.all)
  func `each adapter of a mixed batch uses its own head: alone, stacked, and merged`(reference: ReferenceModel)
    throws
  {
    let base = try sandbox.base(reference)
    let names =
      ["hub-flex-1", "hub-flex-2-tanh", "peft-norms", "hub-lora", "peft-bias-all", "hub-flex-2-relu"]
      + (reference.description == "bert" ? ["hub-flex-pooler-2"] : [])
    let fixtures = names.map { ImportFixture(reference: reference, name: $0) }
    let alone = try fixtures.map { try sandbox.imported($0, on: base, as: $0.name).1 }
    let inputs = try reference.inputs()
    let pairs = (0..<24).map { ($0 % inputs.sequences.count, $0 * 5 % fixtures.count) }
    func logits() throws -> [[Float]] {
      try base.model.logits(
        of: pairs.map { sequence, adapter in
          .init(ids: inputs.sequences[sequence], typeIDs: inputs.types[sequence], adapters: [alone[adapter].id])
        }, workers: Workers(count: 2))
    }
    func check(_ actual: [[Float]], _ tolerance: Float) throws {
      for (logits, (sequence, adapter)) in zip(actual, pairs) {
        let expected = try fixtures[adapter].expected
        guard let row = expected.sequences.firstIndex(of: sequence) else { continue }
        #expect(zip(logits, expected.logits[row]).allSatisfy { abs($0 - $1) <= tolerance })
      }
    }
    try check(try logits(), 1e-5)
    try base.model.adaptable.merge("hub-lora")
    try base.model.adaptable.merge("peft-norms")
    try check(try logits(), 1e-4)
    try base.model.adaptable.unmerge("hub-lora")
    try base.model.adaptable.unmerge("peft-norms")

    // In a stack, the head of the last adapter is used, regardless of its structure.
    func stacked(_ adapters: [AdapterID]) throws -> [Float] {
      try base.model.logits(
        of: [.init(ids: inputs.sequences[0], typeIDs: inputs.types[0], adapters: adapters)], workers: Workers(count: 1))[
          0]
    }
    #expect(try stacked(["hub-lora", "hub-flex-1"]) != stacked(["hub-flex-1", "hub-lora"]))
    #expect(try stacked(["hub-flex-1"]) != stacked([]))
    for adapter in alone { try adapter.remove() }
    #expect(BaseIdentity.hash(of: base.model) == base.identity.model)
  }

  @Test(arguments: [
    ImportFixture(reference: .bert, name: "peft-bias-all"), ImportFixture(reference: .bert, name: "hub-flex-pooler-2"),
  ])
  func `training can continue from an imported adapter with all its extras`(fixture: ImportFixture) throws {
    let model = try ModelFolder.written(fixture.reference)
    let base = try PretrainedBase(model.folder.path, locator: sandbox.locator)
    let (_, loaded) = try sandbox.imported(fixture, on: base)
    try sandbox.work.write(
      (0..<40).map { "{\"text\": \"the film is \($0 % 2 == 0 ? "good" : "bad")\", \"label\": \"LABEL_\($0 % 3)\"}" }
        .joined(separator: "\n"), to: "data.jsonl")
    let method =
      fixture.name.hasPrefix("peft")
      ? "{name: lora, rank: 2, alpha: 5}" : "{name: houlsby, placement: feed_forward, bottleneck: 4}"
    try sandbox.work.write(
      """
      base: \(model.folder.path)
      task: custom
      data: {path: \(sandbox.work.file("data.jsonl")), text: text, label: label}
      method: \(method)
      training: {epochs: 1, learning_rate: 1.0e-2, max_length: 32}
      init_from: \(loaded.file.path)
      output: \(sandbox.work.file("run"))
      """, to: "go-on.yaml")
    let configuration = try ConfigurationFile(path: sandbox.work.file("go-on.yaml"))
      .decode(ExperimentConfiguration.self, registries: Registries(methods: ContractTests.registry()))
    _ = try Experiment(configuration, locator: sandbox.locator).run()
    let trained = try AdapterFile(path: sandbox.work.file("run"))
    #expect(trained.metadata.extras == loaded.file.metadata.extras)
    let difference = try AdapterDifference(loaded.file, trained)
    #expect(difference.onlyInFirst.isEmpty && difference.onlyInSecond.isEmpty)
    let changed = Set(difference.tensors.map(\.name))
    #expect(Set(loaded.file.metadata.extras.carried).subtracting(changed).subtracting(untrained).isEmpty)
    if fixture.name.hasPrefix("hub") {
      #expect(changed.isSuperset(of: ["head.0.weight", "head.0.bias", "head.1.weight"]))
    }
  }

  /// A bias of the keys adds the same value to all scores of a query, so its gradient is zero except for rounding errors.
  private let untrained = Set((0..<3).map { "encoder.layer.\($0).attention.self.key.bias" })

  @Test func `files with invalid extras are rejected`() throws {
    let (_, loaded) = try sandbox.imported(ImportFixture(reference: .bert, name: "peft-pooler"))
    let raw = try decompressed(loaded.file.path)
    func refusal(_ change: (inout [String: String]) -> Void) throws -> String {
      var metadata = raw.metadata
      change(&metadata)
      var writer = SafetensorsWriter(metadata: metadata)
      for entry in raw.entries {
        try writer.add(entry.name, type: entry.elementType, shape: entry.shape, bytes: Array(raw.bytes(of: entry)))
      }
      try sandbox.work.write(try compress(writer.encoded()), to: "changed.zst")
      do {
        _ = try LoadedAdapter(
          file: sandbox.work.file("changed.zst"), on: loaded.base, as: AdapterID(UUID().uuidString),
          methods: ContractTests.registry())
        return "no refusal"
      } catch let error as any UserError { return "\(error)" }
    }
    #expect(try refusal { _ in } == "no refusal")
    #expect(try refusal { $0["graft.requires"] = nil }.contains("or neither"))
    #expect(try refusal { $0["graft.carried"] = nil }.contains("or neither"))
    #expect(try refusal { $0["graft.requires"] = #"["carried", "tomorrow"]"# }.contains("tomorrow"))
    #expect(try refusal { $0["graft.carried"] = #"["nope.weight"]"# }.contains("'nope.weight'"))
    #expect(try refusal { $0["graft.carried"] = #"["classifier.weight"]"# }.contains("outside its head"))
    #expect(
      try refusal { $0["graft.carried"] = #"["pooler.dense.bias", "pooler.dense.bias"]"# }.contains("a duplicate name"))
    #expect(try refusal { $0["graft.carried"] = #"["pooler.dense.bias"]"# }.contains("pooler.dense.weight"))
    #expect(
      try refusal {
        $0["graft.requires"] = #"["carried", "head"]"#
        $0["graft.head"] = #"{"layers": 1000000000}"#
      }.contains("a whole number from 1 to 32"))
    #expect(
      try refusal {
        $0["graft.requires"] = #"["carried", "head"]"#
        $0["graft.head"] = #"{"layers": 2, "tomorrow": 1}"#
      }.contains("tomorrow"))
  }
}
