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

/// Adapters saved by peft and AdapterHub's adapters, compared with the logits of these libraries.
struct ImportTests {
  /// A folder saved by another library.
  struct Case: CustomTestStringConvertible, Sendable {
    let reference: ReferenceModel
    let name: String
    var testDescription: String { "\(name) on \(reference)" }
    var folder: String { "\(Bundle.module.bundlePath)/Fixtures/exchange/\(reference)-\(name)" }
  }

  /// Created by `Tests/Goldens/exchange_goldens.py`.
  static let cases: [Case] =
    ReferenceModel.all.flatMap { reference in
      [
        "peft-lora", "peft-patterns", "peft-layers", "peft-all-linear", "peft-dora", "peft-prefix", "hub-houlsby",
        "hub-pfeiffer", "hub-parallel", "hub-lora", "hub-lora-everywhere",
      ].map { Case(reference: reference, name: $0) }
        .filter {
          // peft supports prefix tuning only for BERT among these families.
          switch $0.name {
          case "peft-prefix": reference.description == "bert"
          default: true
          }
        }
    } + [Case(reference: .mpNet, name: "peft-lora")]

  private let work: TemporaryFolder
  private let locator: BaseLocator

  init() throws {
    work = try TemporaryFolder()
    locator = BaseLocator(home: work.file("home"))
  }

  private struct Expected: Decodable {
    let sequences: [Int]
    let logits: [[Float]]
  }

  @Test(arguments: cases)
  func `the logits of an imported adapter match the library's`(golden: Case) throws {
    let model = try ModelFolder.written(golden.reference)
    let report = try AdapterImport(
      base: PretrainedBase(model.folder.path, locator: locator), methods: ContractTests.registry()
    ).run(golden.folder, to: work.file("a.safetensors.zst"))
    #expect(report.toolkit == (golden.name.hasPrefix("peft") ? "peft" : "adapters"))
    #expect(report.labels == ["LABEL_0", "LABEL_1", "LABEL_2"])

    let expected = try JSONDecoder().decode(
      Expected.self, from: Data(contentsOf: URL(fileURLWithPath: "\(golden.folder)/expected.json")))
    let base = try PretrainedBase(model.folder.path, locator: locator)
    let loaded = try LoadedAdapter(file: work.file("a.safetensors.zst"), on: base, methods: ContractTests.registry())
    let inputs = try golden.reference.inputs()
    let items = expected.sequences.map {
      SequenceClassifier.BatchItem(ids: inputs.sequences[$0], typeIDs: inputs.types[$0], adapters: [loaded.id])
    }
    let logits = try base.model.logits(of: items, workers: Workers(count: 2))
    let distance = zip(logits.joined(), expected.logits.joined()).map { abs($0 - $1) }.max() ?? 1
    #expect(logits.count == expected.logits.count && distance <= 1e-5)
    let baseLogits = try base.model.logits(
      of: items.map { .init(ids: $0.ids, typeIDs: $0.typeIDs, adapters: []) }, workers: Workers(count: 1))
    #expect(zip(baseLogits.joined(), logits.joined()).contains { abs($0 - $1) > 0.01 })
  }

  /// Returns a copy of a library's folder that can be changed.
  private func copy(_ reference: ReferenceModel, _ name: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let from = Case(reference: reference, name: name).folder
    for file in try FileManager.default.contentsOfDirectory(atPath: from) {
      try folder.write(Array(Data(contentsOf: URL(fileURLWithPath: "\(from)/\(file)"))), to: file)
    }
    return folder
  }

  private func change(_ folder: TemporaryFolder, _ change: (inout [String: Any]) -> Void) throws {
    let url = URL(fileURLWithPath: folder.file("adapter_config.json"))
    var object = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    change(&object)
    try JSONSerialization.data(withJSONObject: object).write(to: url)
  }

  private func rewrite(_ folder: TemporaryFolder, _ file: String, _ change: (String, [UInt8]) -> (String, [UInt8])?)
    throws
  {
    let old = try SafetensorsFile(path: folder.file(file))
    var writer = SafetensorsWriter()
    for entry in old.entries {
      guard let (name, bytes) = change(entry.name, Array(old.bytes(of: entry))) else { continue }
      try writer.add(name, type: entry.elementType, shape: entry.shape, bytes: bytes)
    }
    try folder.write(writer.encoded(), to: file)
  }

  private func refusal(_ folder: TemporaryFolder, _ reference: ReferenceModel = .bert, labels: [String]? = nil) throws
    -> String
  {
    let model = try ModelFolder.written(reference)
    let output = work.file("refused.safetensors.zst")
    do {
      _ = try AdapterImport(
        base: PretrainedBase(model.folder.path, locator: locator), methods: ContractTests.registry()
      )
      .run(folder.path, labels: labels, to: output)
      return "no refusal"
    } catch let error as any UserError {
      #expect(FileIdentity(path: output) == nil && !"\(error)".contains("\n"))
      return "\(error)"
    }
  }

  @Test func `an unsupported setting is an error with its key`() throws {
    for (key, value) in [
      ("bias", "some"), ("lora_bias", true), ("layer_replication", [[0, 2]]), ("trainable_token_indices", [1]),
      ("use_qalora", true), ("a_key_of_tomorrow", "yes"), ("target_parameters", ["x"]),
      ("r", 4), ("r", "three"), ("rank_pattern", ["query": 2]), ("alpha_pattern", ["(": 2]),
      ("alpha_pattern", ["(?=x)": 2]),
      ("target_modules", ["query"]), ("target_modules", ["query", "value", "key"]),
      ("exclude_modules", ["value"]), ("layers_to_transform", [0]), ("peft_type", "LOHA"), ("use_dora", true),
      ("alpha_pattern", ["query": -1]), ("lora_dropout", 1.5), ("init_lora_weights", "pissa"),
      ("init_lora_weights", "olora"), ("init_lora_weights", "corda"), ("init_lora_weights", "lora_ga"),
      ("init_lora_weights", "pissa_niter_16"), ("init_lora_weights", "tomorrow"),
      ("loftq_config", ["loftq_bits": 4]), ("modules_to_save", ["classifier", "pooler"]),
      ("task_type", "CAUSAL_LM"), ("rank_pattern", ["query": 3.7]),
      ("target_modules", "(((((){1000}){1000}){1000}){1000}){1000}"), ("target_modules", #".*+\.(query|value)"#),
    ] as [(String, Any)] {
      let folder = try copy(.bert, "peft-lora")
      try change(folder) { $0[key] = value }
      let text = try refusal(folder)
      let isNamed = text.contains(key) || key == "use_dora" && text.contains("lora_magnitude_vector")
      #expect(text != "no refusal" && isNamed, "\(key) \(value): \(text)")
    }
    for (key, value) in [
      ("phm_layer", true), ("inv_adapter", "nice"), ("cross_adapter", true), ("use_gating", true), ("ln_before", true),
      ("non_linearity", "leakyrelu"), ("scaling", "learned"), ("original_ln_after", false), ("is_parallel", true),
    ] as [(String, Any)] {
      let folder = try copy(.distilBERT, "hub-houlsby")
      try change(folder) { object in
        var inner = object["config"] as? [String: Any] ?? [:]
        inner[key] = value
        object["config"] = inner
      }
      let text = try refusal(folder, .distilBERT)
      #expect(text.contains("config.\(key)") || text.contains(key), "\(key): \(text)")
    }
    // An adapter for a different family.
    #expect(try refusal(copy(.distilBERT, "peft-lora"), .bert).contains("belongs to no projection"))
    #expect(try refusal(copy(.distilBERT, "hub-houlsby"), .bert).contains("model_type: is 'distilbert'"))
    #expect(try refusal(copy(.bert, "peft-lora"), labels: ["a", "b"]).contains("expected 3 different names"))
    #expect(try refusal(TemporaryFolder()).contains("no adapter_config.json"))
  }

  @Test func `missing, additional, and truncated tensors are rejected`() throws {
    for (name, file) in [
      ("peft-lora", "adapter_model.safetensors"), ("hub-houlsby", "adapter.safetensors"),
      ("hub-lora", "adapter.safetensors"), ("peft-prefix", "adapter_model.safetensors"),
    ] {
      let untouched = try copy(.bert, name)
      let names = try SafetensorsFile(path: untouched.file(file)).entries.map(\.name)
      for tensor in names where !tensor.contains("classifier") {
        let folder = try copy(.bert, name)
        try rewrite(folder, file) { $0 == tensor ? nil : ($0, $1) }
        #expect(try refusal(folder) != "no refusal", "\(name) without \(tensor)")
        let other = try copy(.bert, name)
        try rewrite(other, file) { ($0 == tensor ? "\($0).more" : $0, $1) }
        #expect(try refusal(other) != "no refusal", "\(name) with \(tensor).more")
      }
      // Truncate the file at various positions.
      let whole = try untouched.bytes(file)
      for count in stride(from: 0, to: whole.count, by: max(1, whole.count / 25)) {
        let folder = try copy(.bert, name)
        try folder.write(Array(whole.prefix(count)), to: file)
        #expect(try refusal(folder) != "no refusal")
      }
    }
    // An adapter without a head is accepted only if the base has a head.
    let folder = try copy(.bert, "peft-lora")
    try rewrite(folder, "adapter_model.safetensors") { $0.contains("classifier") ? nil : ($0, $1) }
    #expect(try refusal(folder) == "no refusal", "the reference model has a head")
    try FileManager.default.removeItem(atPath: work.file("refused.safetensors.zst"))
    var bare = try ModelFolder(.bert)
    bare.rename { $0.contains("classifier") ? nil : $0 }
    try bare.writeTokenizer()
    try bare.write()
    let headless = try AdapterImport(
      base: PretrainedBase(bare.folder.path, locator: locator), methods: ContractTests.registry())
    let error = #expect(throws: ExchangeError.self) { try headless.run(folder.path, to: work.file("no")) }
    #expect(error?.description.contains("predictions would be random") == true)
  }

  @Test func `a pickle file is never read, and the error explains how to convert it`() throws {
    for (name, file, pickle) in [
      ("peft-lora", "adapter_model.safetensors", "adapter_model.bin"),
      ("hub-houlsby", "adapter.safetensors", "pytorch_adapter.bin"),
      ("hub-houlsby", "model_head.safetensors", "pytorch_model_head.bin"),
    ] {
      let folder = try copy(.bert, name)
      try FileManager.default.moveItem(atPath: folder.file(file), toPath: folder.file(pickle))
      let text = try refusal(folder)
      #expect(
        text.contains("pickle") && text.contains("'\(folder.file(pickle))'") && text.contains("'\(folder.file(file))'"))
      try FileManager.default.removeItem(atPath: folder.file(pickle))
      #expect(try refusal(folder).contains("missing"))
    }
  }

  @Test func `an mlx adapter is imported as LoRA with transposed matrices and its own scale`() throws {
    let model = try ModelFolder.written(.distilBERT)
    let peft = try SafetensorsFile(
      path: Case(reference: .distilBERT, name: "peft-lora").folder + "/adapter_model.safetensors")
    let folder = try TemporaryFolder()
    var writer = SafetensorsWriter()
    for entry in peft.entries {
      var name = entry.name.replacing("base_model.model.", with: "").replacing("distilbert.", with: "model.")
      var shape = entry.shape
      var values = Array(peft.bytes(of: entry))
      if name.contains("lora_") {
        name = name.replacing("lora_A.weight", with: "lora_a").replacing("lora_B.weight", with: "lora_b")
        let rows = shape[0]
        let columns = shape[1]
        var transposed: [UInt8] = []
        for column in 0..<columns {
          for row in 0..<rows {
            let offset = (row * columns + column) * 4
            transposed += values[offset..<offset + 4]
          }
        }
        values = transposed
        shape = [columns, rows]
      }
      try writer.add(name, type: .f32, shape: shape, bytes: values)
    }
    try folder.write(writer.encoded(), to: "adapters.safetensors")
    // The adapter of peft has r = 3 and alpha = 5.
    try folder.write(
      #"{"fine_tune_type": "lora", "model": "x", "num_layers": 3, "lora_parameters": {"rank": 3, "scale": 1.6666667, "dropout": 0.0, "keys": ["q_lin"]}}"#,
      to: "adapter_config.json")
    func logits(_ folder: String) throws -> [[Float]] {
      let path = work.file("mlx.safetensors.zst")
      _ = try AdapterImport(
        base: PretrainedBase(model.folder.path, locator: locator), methods: ContractTests.registry()
      )
      .run(folder, labels: ["x", "y", "z"], to: path)
      return try LoadedAdapter(
        file: path, on: PretrainedBase(model.folder.path, locator: locator), methods: ContractTests.registry()
      ).predict([("the film is good", nil), ("bad", nil)]).map(\.logits)
    }
    let mlx = try logits(folder.path)
    let expected = try logits(Case(reference: .distilBERT, name: "peft-lora").folder)
    #expect(zip(mlx.joined(), expected.joined()).allSatisfy { abs($0 - $1) < 1e-5 })
  }
}
