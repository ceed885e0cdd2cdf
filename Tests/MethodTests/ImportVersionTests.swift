import Foundation
import GraftAdapterFiles
import GraftCore
import GraftExchange
import GraftHarness
import GraftObjectives
import GraftSafetensors
import GraftSupport
import GraftTestSupport
import Testing

/// The meaning of a file depends on the version that saved it. These tests compare files of many versions with the logits of the
/// current libraries.
struct ImportVersionTests {
  /// Created by `Tests/Goldens/exchange_version_goldens.py`.
  static let fixtures: [ImportFixture] = [
    ("peft-default-head", ReferenceModel.all), ("peft-saved-null", ReferenceModel.all),
    ("peft-bias-all", ReferenceModel.all), ("peft-bias-lora", [.bert]), ("peft-pooler", [.bert]),
    ("peft-norms", ReferenceModel.all), ("peft-embeddings", [.roBERTa]), ("peft-orthogonal", [.bert]),
    ("peft-eva", [.bert]), ("peft-lora-bias", [.distilBERT]), ("peft-targets-null", [.roBERTa]),
    ("peft-adapter-name", [.bert]), ("hub-lora-1.0", [.bert, .distilBERT]), ("hub-lora-1.1-dev", [.roBERTa]),
    ("hub-lora-1.1", [.bert]), ("hub-lora-3.2", [.roBERTa]), ("hub-lora-no-version", [.distilBERT]),
    ("hub-first-pfeiffer", [.bert, .distilBERT]), ("hub-first-houlsby", [.bert]), ("hub-first-gelu", [.bert]),
    ("hub-named", [.roBERTa]),
    ("hub-flex-1", ReferenceModel.all), ("hub-flex-2-tanh", ReferenceModel.all),
    ("hub-flex-2-relu", ReferenceModel.all), ("hub-flex-pooler-1", [.bert]), ("hub-flex-pooler-2", [.bert]),
    ("hub-flex-3", [.distilBERT]), ("hub-flex-2-linear", [.bert]), ("hub-flex-1-leaky", [.roBERTa]),
    ("hub-output-after-norm", ReferenceModel.all), ("hub-attention-only", ReferenceModel.all),
    ("peft-lookahead", [.bert, .roBERTa]),
  ].flatMap { name, references in references.map { ImportFixture(reference: $0, name: name) } }

  private let sandbox: ImportSandbox

  init() throws { sandbox = try ImportSandbox() }

  @Test(arguments: fixtures)
  func `the logits of an adapter of any version match those of the current library`(fixture: ImportFixture) throws {
    let (report, loaded) = try sandbox.imported(fixture)
    #expect(report.toolkit == (fixture.name.hasPrefix("peft") ? "peft" : "adapters"))
    #expect(report.labels == ["LABEL_0", "LABEL_1", "LABEL_2"])
    #expect(try fixture.distance(loaded) <= 1e-5)
  }

  private func adapterHub(_ name: String, _ change: @escaping (inout [String: Any]) -> Void) throws -> String {
    let folder = try ImportFixture(reference: .bert, name: name).copy()
    try folder.edit("adapter_config.json", change)
    return try sandbox.refusal(folder)
  }

  @Test func `AdapterHub files with an unsupported version, family, or type are rejected`() throws {
    #expect(try adapterHub("hub-lora") { $0["version"] = "adapters.tomorrow" }.contains("version: 'adapters.tomorrow'"))
    #expect(
      try adapterHub("hub-lora") { $0["model_type"] = "roberta" }.contains("model_type: is 'roberta', expected"))
    #expect(try adapterHub("hub-lora") { $0["type"] = "image" }.contains("type: 'image'"))
    #expect(try adapterHub("hub-pfeiffer") { $0["config"] = "compacter" }.contains("config: 'compacter'"))
    #expect(try adapterHub("hub-pfeiffer") { $0["config"] = "pfeiffer+inv" }.contains("config.inv_adapter: 'nice'"))
    func inner(_ name: String, _ key: String, _ value: Any) throws -> String {
      try adapterHub(name) { object in
        var inner = object["config"] as? [String: Any] ?? [:]
        inner[key] = value
        object["config"] = inner
      }
    }
    #expect(try inner("hub-lora", "architecture", "prefix_tuning").contains("config.architecture: 'prefix_tuning'"))
    #expect(try inner("hub-lora", "composition_mode", "scale").contains("config.composition_mode: 'scale'"))
    #expect(try inner("hub-lora", "use_dora", true).contains("config.use_dora"))
    #expect(try inner("hub-pfeiffer", "original_ln_before", "no").contains("config.original_ln_before"))
    let none = try ImportFixture(reference: .bert, name: "hub-pfeiffer").copy()
    try none.write(SafetensorsWriter().encoded(), to: "adapter.safetensors")
    #expect(try sandbox.refusal(none).contains("config.leave_out: leaves no layer"))
    // The invertible adapter of a language adapter is trained, so it can't be ignored.
    let folder = try ImportFixture(reference: .bert, name: "hub-first-pfeiffer").copy()
    try folder.edit("adapter_config.json") { $0["type"] = "text_lang" }
    #expect(try sandbox.refusal(folder).contains("config.invertible_adapter"))
  }

  @Test func `heads that are not for classification are rejected with their key`() throws {
    func head(_ name: String, _ change: @escaping (inout [String: Any]) -> Void) throws -> String {
      let folder = try ImportFixture(reference: .bert, name: name).copy()
      try folder.edit("head_config.json", change)
      return try sandbox.refusal(folder)
    }
    func flex(_ key: String, _ value: Any) throws -> String {
      try head("hub-flex-2-tanh") { object in
        var inner = object["config"] as? [String: Any] ?? [:]
        inner[key] = value
        object["config"] = inner
      }
    }
    for kind in ["tagging", "question_answering", "multiple_choice", "masked_lm"] {
      #expect(try flex("head_type", kind).contains("config.head_type: '\(kind)'"))
    }
    #expect(try flex("activation_function", "mish").contains("config.activation_function: 'mish'"))
    #expect(try flex("layers", 0).contains("config.layers: is 0, expected a whole number from 1 to 32"))
    #expect(try flex("layers", 3).contains("has shape [3, 32], expected [32, 32]"))
    #expect(try flex("layers", 1).contains("heads.task.4.bias: belongs to no part"))
    #expect(try flex("num_labels", 5).contains("num_labels") || flex("num_labels", 5).contains("expected 5"))
    #expect(try flex("dropout_prob", 1).contains("config.dropout_prob"))
    #expect(try flex("a_key_of_tomorrow", 1).contains("config.a_key_of_tomorrow: 1 is not supported"))
    #expect(
      try head("hub-lora") { $0["model_class"] = "BertForTokenClassification" }
        .contains("model_class: is 'BertForTokenClassification'"))
    // Names that do not match the outputs are ignored with a note.
    let labels = try ImportFixture(reference: .bert, name: "hub-lora").copy()
    try labels.edit("head_config.json") { $0["label2id"] = ["a": 0, "b": 2, "c": 3] }
    let (report, _) = try sandbox.imported(ImportFixture(reference: .bert, name: "hub-lora"), from: labels.path)
    #expect(report.labels == ["LABEL_0", "LABEL_1", "LABEL_2"] && report.notes.contains { $0.hasPrefix("label2id") })
    let distil = try ImportFixture(reference: .distilBERT, name: "hub-flex-1").copy()
    try distil.edit("head_config.json") { object in
      var inner = object["config"] as? [String: Any] ?? [:]
      inner["use_pooler"] = true
      object["config"] = inner
    }
    #expect(try sandbox.refusal(distil, .distilBERT).contains("config.use_pooler"))
    let folder = try ImportFixture(reference: .bert, name: "hub-lora").copy()
    try FileManager.default.removeItem(atPath: folder.file("head_config.json"))
    #expect(try sandbox.refusal(folder).contains("is missing, but model_head.safetensors is there"))
  }

  @Test func `a multi-label head is imported with its objective`() throws {
    let fixture = ImportFixture(reference: .bert, name: "hub-flex-2-tanh")
    let folder = try fixture.copy()
    try folder.edit("head_config.json") { object in
      var inner = object["config"] as? [String: Any] ?? [:]
      inner["head_type"] = "multilabel_classification"
      object["config"] = inner
    }
    let (report, loaded) = try sandbox.imported(fixture, from: folder.path)
    #expect(report.objective == "multi_label" && loaded.objective is MultiLabel)
    #expect(try fixture.distance(loaded) < 1e-4)
    #expect(loaded.objective.answer([1, -1, 2]).labels == [report.labels[0], report.labels[2]])
    let exported = sandbox.work.file("exported")
    _ = try AdapterExport(loaded).write(.adapterHub, to: exported)
    #expect(
      try String(contentsOfFile: "\(exported)/head_config.json", encoding: .utf8).contains("multilabel_classification"))
    let base = try sandbox.base(.bert)
    let (importer, output) = (
      try AdapterImport(base: base, methods: ContractTests.registry()), sandbox.work.file("x.zst")
    )
    #expect(
      throws: ExchangeError.objective(
        "classification", reason: "is not that of the head, multi_label; remove --objective")
    ) {
      try importer.run(folder.path, objective: "classification", to: output)
    }
    // The classification head of the library has no objective of its own: the number of outputs decides.
    #expect(try sandbox.imported(fixture, as: "b").0.objective == "classification")
    #expect(
      throws: ExchangeError.objective(
        "multi_label", reason: "is not that of the head, classification or regression; remove --objective")
    ) {
      try importer.run(fixture.folder, objective: "multi_label", to: output)
    }
  }

  @Test func `label ids may be strings, and the label map may be inverted`() throws {
    let fixture = ImportFixture(reference: .bert, name: "hub-flex-2-tanh")
    for (key, value) in [
      ("label2id", ["neg": "0", "neutral": "1", "pos": "2"]), ("id2label", ["0": "neg", "2": "pos", "1": "neutral"]),
    ] {
      let folder = try fixture.copy()
      try folder.edit("head_config.json") { object in
        var inner = object["config"] as? [String: Any] ?? [:]
        inner["label2id"] = nil
        inner[key] = value
        object["config"] = inner
      }
      #expect(try sandbox.imported(fixture, from: folder.path, as: key).0.labels == ["neg", "neutral", "pos"])
    }
  }

  private func peft(_ name: String, _ change: @escaping (inout [String: Any]) -> Void) throws -> AdapterImport.Report {
    let fixture = ImportFixture(reference: .bert, name: name)
    let folder = try fixture.copy()
    try folder.edit("adapter_config.json", change)
    let (report, loaded) = try sandbox.imported(fixture, from: folder.path, as: "b")
    #expect(try fixture.distance(loaded) <= 1e-5)
    return report
  }

  @Test func `settings without effect are noted, and tensors take precedence over lists`() throws {
    #expect(try peft("peft-lora") { $0["fan_in_fan_out"] = true }.notes.contains { $0.contains("fan_in_fan_out") })
    #expect(
      try peft("peft-lora") { $0["modules_to_save"] = ["classifier", "nope"] }.notes.contains { $0.contains("'nope'") })
    #expect(try peft("peft-lora") { $0["bias"] = "lora_only" }.notes.contains { $0.contains("has no biases") })
    #expect(try peft("peft-bias-all") { $0["bias"] = "none" }.notes.isEmpty)
    #expect(try peft("peft-pooler") { $0["modules_to_save"] = NSNull() }.notes.isEmpty)
    #expect(try peft("peft-eva") { $0["init_lora_weights"] = false }.notes.isEmpty)
    #expect(try peft("peft-lora") { $0["init_lora_weights"] = "mica" }.notes.isEmpty)
    let (report, _) = try sandbox.imported(ImportFixture(reference: .bert, name: "peft-lora"), as: "c")
    #expect(report.notes.isEmpty)
  }

  @Test func `layers are selected as in peft`() throws {
    for pattern in ["layer", "encoder.layer", "bert.encoder.layer", ["layers", "layer"]] as [Any] {
      #expect(try peft("peft-layers") { $0["layers_pattern"] = pattern }.notes.isEmpty)
    }
    let folder = try ImportFixture(reference: .bert, name: "peft-layers").copy()
    try folder.edit("adapter_config.json") { $0["layers_pattern"] = "blocks" }
    #expect(try sandbox.refusal(folder).contains("target_modules: leaves out"))
  }

  @Test func `contradictory tensors are rejected`() throws {
    let folder = try ImportFixture(reference: .bert, name: "peft-bias-all").copy()
    let old = try SafetensorsFile(path: folder.file("adapter_model.safetensors"))
    var writer = SafetensorsWriter()
    for entry in old.entries {
      var bytes = Array(old.bytes(of: entry))
      if entry.name.hasSuffix("classifier.modules_to_save.bias") { bytes[2] ^= 1 }
      try writer.add(entry.name, type: entry.elementType, shape: entry.shape, bytes: bytes)
    }
    try folder.write(writer.encoded(), to: "adapter_model.safetensors")
    #expect(try sandbox.refusal(folder).contains("have different values for one parameter"))
  }
}
