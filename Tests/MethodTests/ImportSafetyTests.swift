import Foundation
import GraftAdapterFiles
import GraftCore
import GraftExchange
import GraftHarness
import GraftInference
import GraftSafetensors
import GraftSupport
import GraftTestSupport
import Testing

/// Damaged or malicious files of other toolkits, invalid options, and the error messages for them.
struct ImportSafetyTests {
  private let sandbox: ImportSandbox

  init() throws { sandbox = try ImportSandbox() }

  private let lora = ImportFixture(reference: .bert, name: "peft-lora")

  private func refusal(replacing old: String, with new: String, in name: String = "peft-lora") throws -> String {
    let folder = try ImportFixture(reference: .bert, name: name).copy()
    let text = String(decoding: try folder.bytes("adapter_config.json"), as: UTF8.self)
    #expect(text.contains(old))
    try folder.write(text.replacing(old, with: new), to: "adapter_config.json")
    return try sandbox.refusal(folder)
  }

  @Test func `numbers must be finite and in range, even as 32-bit floats`() throws {
    for value in ["1e308", "-1e39", "1e400", "1e-60", "NaN", "Infinity", "\"5\""] {
      let text = try refusal(replacing: "\"lora_alpha\": 5", with: "\"lora_alpha\": \(value)")
      #expect(text.contains(value.hasSuffix("N") || value.hasSuffix("y") ? "JSON" : "lora_alpha"), "\(value): \(text)")
    }
    for (old, new) in [
      ("\"r\": 3", "\"r\": 0"), ("\"r\": 3", "\"r\": 1e9"), ("\"r\": 3", "\"r\": 2.5"),
      ("\"lora_dropout\": 0.1", "\"lora_dropout\": 1.0"), ("\"lora_dropout\": 0.1", "\"lora_dropout\": -1"),
      ("\"lora_dropout\": 0.1", "\"lora_dropout\": 0.99999999999"),
      ("\"alpha_pattern\": {}", "\"alpha_pattern\": {\"query\": 1e39}"),
      ("\"rank_pattern\": {}", "\"rank_pattern\": {\"query\": 1e6}"),
    ] {
      let key = new.split(separator: "\"")[0]
      #expect(try refusal(replacing: old, with: new).contains("adapter_config.json: \(key)"), "\(new)")
    }
    #expect(
      try refusal(replacing: "\"scaling\": 1.0", with: "\"scaling\": 1e200", in: "hub-pfeiffer").contains(
        "config.scaling"))
    #expect(try refusal(replacing: "\"alpha\": 5", with: "\"alpha\": 1e300", in: "hub-lora").contains("config.alpha"))
  }

  @Test func `an mlx value that is out of range is rejected with its key`() throws {
    for (key, value) in [("scale", "1e308"), ("scale", "2e38"), ("rank", "1e30"), ("dropout", "7")] {
      let folder = try TemporaryFolder()
      var writer = SafetensorsWriter()
      try writer.add("x", type: .f32, shape: [1], bytes: [0, 0, 0, 0])
      try folder.write(writer.encoded(), to: "adapters.safetensors")
      let values = ["rank": "4", "scale": "1", "dropout": "0"].merging([key: value]) { $1 }
      let members = values.map { "\"\($0)\": \($1)" }.joined(separator: ", ")
      try folder.write(
        "{\"fine_tune_type\": \"lora\", \"lora_parameters\": {\(members)}}", to: "adapter_config.json")
      #expect(try sandbox.refusal(folder).contains("lora_parameters.\(key)"))
    }
  }

  @Test func `a configuration file is parsed strictly`() throws {
    #expect(try refusal(replacing: "\"r\": 3", with: "\"r\": 3, \"r\": 3").contains("'r' appears twice"))
    #expect(try refusal(replacing: "\"r\": 3", with: "\"r\": 3,").contains("adapter_config.json"))
    #expect(try refusal(replacing: "\"r\": 3", with: "\"r\": 03").contains("a number without a leading zero"))
    #expect(try refusal(replacing: "\"r\": 3", with: "\"r\": +3").contains("expected a value"))
    let folder = try lora.copy()
    try folder.write(try folder.bytes("adapter_config.json") + Array("{}".utf8), to: "adapter_config.json")
    #expect(try sandbox.refusal(folder).contains("expected the end"))
    try folder.write("[1]", to: "adapter_config.json")
    #expect(try sandbox.refusal(folder).contains("it is not a JSON object"))
    try folder.write(String(repeating: "[", count: 100_000), to: "adapter_config.json")
    #expect(try sandbox.refusal(folder).contains("nested at most 32 deep"))
  }

  @Test func `an unsupported key is reported rather than the tensors that belong to it`() throws {
    for (key, value) in [
      ("use_gating", true), ("original_ln_after", false), ("residual_before_ln", false), ("ln_after", true),
      ("ln_before", true), ("adapter_residual_before_ln", true),
    ] as [(String, Bool)] {
      let folder = try ImportFixture(reference: .bert, name: "hub-pfeiffer").copy()
      try folder.edit("adapter_config.json") { object in
        var config = object["config"] as? [String: Any] ?? [:]
        config[key] = value
        object["config"] = config
      }
      try addTensor("bert.encoder.layer.0.output.adapters.task.gate.weight", to: folder.file("adapter.safetensors"))
      #expect(try sandbox.refusal(folder).contains("adapter_config.json: config.\(key)"), "\(key)")
    }
    let folder = try lora.copy()
    try folder.edit("adapter_config.json") { $0["trainable_token_indices"] = [1, 2] }
    try addTensor(
      "base_model.model.bert.embeddings.word_embeddings.token_adapter.trainable_tokens_delta",
      to: folder.file("adapter_model.safetensors"))
    #expect(try sandbox.refusal(folder).contains("adapter_config.json: trainable_token_indices"))
  }

  @Test func `the output is never one of the input files`() throws {
    let base = try sandbox.base(.bert)
    let folder = try lora.copy()
    let importer = try AdapterImport(base: base, methods: ContractTests.registry())
    for path in [
      folder.file("adapter_model.safetensors"), folder.file("adapter_config.json"), "\(base.folder)/model.safetensors",
      "\(base.folder)/config.json", "\(base.folder)/added_tokens.json",
    ] {
      let before = try? readFile(path)
      let error = #expect(throws: FileError.self, "\(path)") { try importer.run(folder.path, to: path) }
      #expect(error?.reason == "it is one of the files that this command reads; name another file")
      let after = try? readFile(path)
      #expect(after == before)
    }
    #expect(symlink(folder.file("adapter_config.json"), folder.file("link")) == 0)
    #expect(throws: FileError.self) { try importer.run(folder.path, to: folder.file("link")) }
    _ = try importer.run(folder.path, to: folder.file("new.zst"))
  }

  @Test func `unsupported keys that add modules are reported rather than the targets`() throws {
    let text = try refusal(
      replacing: "\"target_parameters\": null", with: "\"target_parameters\": [\"query.weight\"]")
    #expect(text.contains("adapter_config.json: target_parameters"))
    #expect(
      try refusal(replacing: "\"exclude_modules\": null", with: "\"exclude_modules\": \"(\"").contains(
        "the regular expression '(' is not supported"))
  }

  private func addTensor(_ name: String, to path: String) throws {
    let file = try SafetensorsFile(path: path)
    var writer = SafetensorsWriter()
    for entry in file.entries {
      try writer.add(entry.name, type: entry.elementType, shape: entry.shape, bytes: Array(file.bytes(of: entry)))
    }
    try writer.add(name, type: .f32, shape: [1], bytes: [0, 0, 0, 0])
    try writeAtomically(try writer.encoded(), to: path)
  }

  @Test func `an unreadable file is not treated as missing`() throws {
    let head = try ImportFixture(reference: .bert, name: "hub-lora").copy()
    try FileManager.default.removeItem(atPath: head.file("head_config.json"))
    try FileManager.default.createSymbolicLink(atPath: head.file("head_config.json"), withDestinationPath: "nowhere")
    #expect(try sandbox.refusal(head).contains("it is a link without a target"))
    for name in ["adapter_config.json", "adapter_model.safetensors"] {
      let folder = try lora.copy()
      try FileManager.default.removeItem(atPath: folder.file(name))
      try FileManager.default.createSymbolicLink(atPath: folder.file(name), withDestinationPath: "nowhere")
      #expect(try sandbox.refusal(folder).contains("\(name): it is a link"))
    }
  }

  @Test func `lists have length limits, and regular expressions are fast`() throws {
    let many = (0..<10_001).map { "\"m\($0)\"" }.joined(separator: ",")
    let folder = try lora.copy()
    for (key, value) in [
      ("target_modules", "[\(many)]"), ("modules_to_save", "[\(many)]"), ("exclude_modules", "[\(many)]"),
      ("layers_to_transform", "[\((0..<10_001).map { "\($0)" }.joined(separator: ","))]"),
      ("rank_pattern", "{\((0..<10_001).map { "\"m\($0)\": 1" }.joined(separator: ","))}"),
    ] {
      try folder.write(
        "{\"peft_type\": \"LORA\", \"task_type\": \"SEQ_CLS\", \"r\": 3, \"\(key)\": \(value)}",
        to: "adapter_config.json")
      #expect(try sandbox.refusal(folder).contains("\(key): has 10001 entries"), "\(key)")
    }
    let start = ContinuousClock.now
    for text in [
      String(repeating: "{", count: 100_000), String(repeating: "(a*)*", count: 3_000) + "b",
      String(repeating: "a|", count: 9_000),
      "(x+x+)+y" + String(repeating: ".*", count: 2_000),
    ] {
      #expect(try refusal(replacing: "\"rank_pattern\": {}", with: "\"rank_pattern\": {\"\(text)\": 3}") != "")
    }
    #expect(ContinuousClock.now - start < .seconds(60))
  }

  @Test func `text from a file is escaped in messages`() throws {
    let folder = try lora.copy()
    try folder.edit("adapter_config.json") { $0["evil\u{202E}\n\u{1B}[31m"] = "x\u{1B}[0m" }
    let text = try sandbox.refusal(folder)
    #expect(text.contains("evil\\u{202e}\\u{a}\\u{1b}[31m") && !text.contains("\u{202E}") && !text.contains("\u{1B}"))
    let tensors = try lora.copy()
    let old = try SafetensorsFile(path: tensors.file("adapter_model.safetensors"))
    var writer = SafetensorsWriter()
    for entry in old.entries {
      try writer.add(entry.name, type: .f32, shape: entry.shape, bytes: Array(old.bytes(of: entry)))
    }
    try writer.add("a\u{202E}b", type: .f32, shape: [1], bytes: [0, 0, 0, 0])
    try tensors.write(writer.encoded(), to: "adapter_model.safetensors")
    #expect(try sandbox.refusal(tensors).contains("'a\\u{202e}b': belongs to no parameter"))
  }

  @Test func `an unregistered method is reported with the key that requires it`() throws {
    let folder = try TemporaryFolder()
    var writer = SafetensorsWriter()
    for layer in 0..<3 {
      for name in ["key", "value"] {
        try writer.add(
          "base_model.model.bert.encoder.layer.\(layer).attention.self.\(name).ia3_l", type: .f32, shape: [32, 1],
          bytes: [UInt8](repeating: 0, count: 128))
      }
    }
    try folder.write(writer.encoded(), to: "adapter_model.safetensors")
    try folder.write(
      #"{"peft_type": "IA3", "task_type": "SEQ_CLS", "target_modules": ["key", "value"], "feedforward_modules": []}"#,
      to: "adapter_config.json")
    let text = try sandbox.refusal(folder)
    #expect(
      text.contains("peft_type: 'IA3' needs a method that is not registered in this program (registered: LORA (LoRA)"))
    #expect(text.contains("Examples/ThirdParty"))

    let (_, loaded) = try sandbox.imported(lora)
    let error = #expect(throws: AdapterFileError.self) {
      try LoadedAdapter(file: loaded.file.path, on: loaded.base, as: "again", methods: MethodRegistry())
    }
    #expect(error?.description.contains("no method named 'lora' is registered") == true)
  }

  @Test func `the maximum length is given, or assumed and reported`() throws {
    let base = try sandbox.base(.bert)
    let importer = AdapterImport(base: base, methods: try ContractTests.registry())
    let assumed = try importer.run(lora.folder, to: sandbox.work.file("assumed"))
    #expect(assumed.maxLength == 40 && assumed.maxLengthAssumed, "the base has 40 positions")
    let given = try importer.run(lora.folder, maxLength: 12, to: sandbox.work.file("given"))
    #expect(given.maxLength == 12 && !given.maxLengthAssumed)
    #expect(try AdapterFile(path: sandbox.work.file("given")).metadata.maxLength == 12)
    for wrong in [-1, 0, 2, 41] {
      let error = #expect(throws: LengthError.self) {
        try importer.run(lora.folder, maxLength: wrong, to: sandbox.work.file("wrong"))
      }
      #expect(error?.description.contains("--max-length: \(wrong) is out of range") == true)
    }
    let loaded = try LoadedAdapter(
      file: sandbox.work.file("given"), on: base, as: "x", methods: ContractTests.registry())
    let text = "the film is good and not very bad the film is good and bad"
    let longer = try loaded.truncating(to: 40)
    #expect(loaded.maxLength == 12 && longer.maxLength == 40)
    #expect(try loaded.predict(text).logits != longer.predict(text).logits)
    #expect(try loaded.predict("good").logits == longer.predict("good").logits)
    #expect(throws: LengthError.self) { try loaded.truncating(to: 41) }
  }

  @Test func `label names are read as a quoted list, as JSON, or from a file`() throws {
    for (text, names) in [
      ("a,b", ["a", "b"]), ("a, b ,c", ["a", "b", "c"]), (#""billing, refunds",bugs"#, ["billing, refunds", "bugs"]),
      (#""say ""hi""", x"#, [#"say "hi""#, "x"]), (#"["billing, refunds", "bugs"]"#, ["billing, refunds", "bugs"]),
      (#" [ "é" , "b" ] "#, ["é", "b"]), ("[a],[b]", ["[a]", "[b]"]), ("one", ["one"]),
    ] {
      #expect(try LabelNames.parse(text) == names, "\(text)")
    }
    for (text, reason) in [
      ("a,,b", "name 2 is empty"), ("a,b,", "name 3 is empty"), ("a,b,a", "the name 'a' is a duplicate"),
      ("[a,b]", "it is not a JSON list of strings"), ("['a', 'b']", "it is not a JSON list of strings"),
      (#""a,b"#, "is not closed"), (#""a"b,c"#, "expected a comma after the closing quote"),
      (#"["a", 1]"#, "not a JSON list of strings"), (#"["a"] b"#, "not a JSON list of strings"),
      ("[]", "the list has no names"),
      ("", "name 1 is empty"),
    ] {
      let error = #expect(throws: LabelError.self) { try LabelNames.parse(text) }
      #expect(error?.description.contains(reason) == true, "\(text): \(error?.description ?? "")")
    }
    try sandbox.work.write("\u{FEFF}billing, refunds\r\nbugs\r\n", to: "labels.txt")
    #expect(try LabelNames.read(file: sandbox.work.file("labels.txt")) == ["billing, refunds", "bugs"])
    try sandbox.work.write("a\n\nb\n", to: "labels.txt")
    let error = #expect(throws: LabelError.self) { try LabelNames.read(file: sandbox.work.file("labels.txt")) }
    #expect(error?.description.contains("line 2 is empty") == true)
    #expect(LabelNames.text(["a, b", "c"]) == "'a, b', 'c'")
  }
}
