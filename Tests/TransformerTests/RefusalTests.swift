import Foundation
import GraftSafetensors
import GraftSupport
import GraftTestSupport
import GraftTransformer
import Testing

/// Folders that are no base, each with the message that a user sees.
struct RefusalTests {
  private func message(_ folder: String, classes: Int = 3) throws -> String {
    let error = #expect(throws: (any Error).self) { try SequenceClassifier(folder: folder, classes: classes, seed: 0) }
    let message = try #require(error as? any UserError, "\(error.debugDescription)").description
    #expect(message.hasPrefix(folder) && !message.contains("\n"))
    return String(message.dropFirst(folder.count))
  }

  private func message(config key: String, _ value: String?, of reference: ReferenceModel = .bert) throws -> String {
    var copy = try ModelFolder(reference)
    copy.config[key] = value
    return try message(copy.write())
  }

  @Test func `a tensor that is needed and not there is named`() throws {
    var copy = try ModelFolder(.bert)
    copy.rename { $0.contains("layer.1.attention.self.value.bias") ? nil : $0 }
    #expect(try message(copy.write()).contains("no tensor encoder.layer.1.attention.self.value.bias"))
  }

  @Test(arguments: ["classifier.weight", "classifier.bias", "bert.pooler.dense.weight", "bert.pooler.dense.bias"])
  func `half a head is refused, not drawn`(missing: String) throws {
    var copy = try ModelFolder(.bert)
    copy.rename { $0 == missing ? nil : $0 }
    #expect(try message(copy.write()).contains("no tensor \(missing.replacing("bert.", with: ""))"))
  }

  @Test func `a tensor of another shape is named with both shapes`() throws {
    var copy = try ModelFolder(.bert)
    copy.tensors["bert.encoder.layer.0.output.dense.bias"]?.shape = [16, 2]
    #expect(
      try message(copy.write())
        == ": tensor bert.encoder.layer.0.output.dense.bias has shape [16, 2], expected [32] by config.json")
  }

  @Test func `tensors that are no floats are refused`() throws {
    var copy = try ModelFolder(.bert)
    copy.tensors["classifier.bias"] = .init(type: .i32, shape: [3], bytes: Array(repeating: 0, count: 12))
    #expect(try message(copy.write()).contains("its elements are I32"))
  }

  @Test func `an architecture that is not built in is named with those that are`() throws {
    #expect(
      try message(config: "model_type", #""gpt2""#)
        == "/config.json: architecture 'gpt2' is not supported; take a base of one of these: bert, distilbert, roberta")
  }

  @Test func `an activation that is not built in is named`() throws {
    #expect(try message(config: "hidden_act", #""quick_gelu""#).contains("'hidden_act' is 'quick_gelu'"))
    #expect(try message(config: "activation", #""mish""#, of: .distilBERT).contains("'activation' is 'mish'"))
    #expect(
      try message(config: "hidden_act", #""relu6""#).contains(
        "supported activations are gelu, gelu_fast, gelu_new, gelu_python, gelu_pytorch_tanh, relu"))
  }

  @Test(arguments: [
    ("is_decoder", "true", "'is_decoder' is true"), ("add_cross_attention", "true", "'add_cross_attention' is true"),
    ("is_encoder_decoder", "true", "'is_encoder_decoder' is true"),
    ("pruned_heads", #"{"0": [1]}"#, "'pruned_heads' is '{0: [1]}'"),
    ("quantization_config", #"{"bits": 8}"#, "'quantization_config' is '{bits: 8}'"),
    ("embedding_size", "16", "'embedding_size' is not 'hidden_size'"),
    ("auto_map", #"{"AutoModel": "modeling.Own"}"#, "'auto_map' has 'AutoModel'"),
    ("initializer_range", "1.5", "'initializer_range' is 1.5"),
  ])
  func `a key that asks for another model is named`(key: String, value: String, expected: String) throws {
    #expect(try message(config: key, value).contains(expected))
    // Off, it asks for nothing.
    if ["true", "{"].contains(where: value.hasPrefix) {
      var copy = try ModelFolder(.bert)
      copy.config[key] = value == "true" ? "false" : key == "pruned_heads" ? #"{"0": []}"# : "{}"
      let folder = try copy.write()
      #expect(throws: Never.self) { try SequenceClassifier(folder: folder, classes: 3, seed: 0) }
    }
  }

  @Test(arguments: ["position_embedding_type", "hidden_act", "layer_norm_eps", "hidden_dropout_prob", "hidden_size"])
  func `null is no default`(key: String) throws {
    #expect(try message(config: key, "null").contains("'\(key)' is null, which is not its default"))
  }

  @Test func `a model that is not known by its keys is asked for its type`() throws {
    var copy = try ModelFolder(.roBERTa)
    copy.config["model_type"] = nil
    copy.config["architectures"] = nil
    #expect(
      try message(copy.write()).contains(#"add "model_type": "bert" to the file, or the one of bert, distilbert, rob"#))
    copy.config["architectures"] = #"["XLNetModel"]"#
    #expect(
      try message(copy.write()).contains("there is no model_type, and the architecture 'XLNetModel' is not one of"))
  }

  @Test func `a key that is there twice is refused`() throws {
    let copy = try ModelFolder(.bert)
    let folder = try copy.write()
    let text = try copy.folder.read("config.json")
    try copy.folder.write(text.replacing("{\"arch", with: "{\"hidden_size\": 64, \"arch"), to: "config.json")
    #expect(try message(folder).contains("'hidden_size' appears twice"))
  }

  @Test(arguments: ["config.json", "model.safetensors"])
  func `a link to nothing is an error that says so`(name: String) throws {
    let copy = try ModelFolder(.bert)
    let folder = try copy.write()
    try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    try FileManager.default.createSymbolicLink(atPath: "\(folder)/\(name)", withDestinationPath: "nowhere")
    let error = #expect(throws: (any Error).self) { try SequenceClassifier(folder: folder, classes: 3, seed: 0) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("cannot read \(folder)/\(name)"))
  }

  @Test func `positions that are not absolute are refused`() throws {
    #expect(
      try message(config: "position_embedding_type", #""relative_key""#).contains("only 'absolute' is supported"))
  }

  @Test(
    arguments: [
      ("hidden_size", nil, "'hidden_size' is missing"), ("hidden_size", "0", "'hidden_size' is 0, expected 1 to"),
      ("hidden_size", "-32", "'hidden_size' is -32"), ("hidden_size", #""32""#, "'hidden_size' has the wrong type"),
      ("num_attention_heads", "5", "5 attention heads do not divide the hidden width 32"),
      ("num_hidden_layers", "1001", "'num_hidden_layers' is 1001, expected 1 to 1000"),
      ("vocab_size", "99999999999", "'vocab_size' is 99999999999"),
      ("hidden_dropout_prob", "1.5", "'hidden_dropout_prob' is 1.5, expected 0 to below 1"),
      ("layer_norm_eps", "-1", "'layer_norm_eps' is -1, expected"),
    ] as [(String, String?, String)])
  func `a number that can't be is named`(key: String, value: String?, expected: String) throws {
    #expect(try message(config: key, value).contains(expected))
  }

  @Test(arguments: ["", "[]", "{", "nonsense"])
  func `a config that is no such JSON is refused`(text: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(text, to: "config.json")
    #expect(try message(folder.path).contains("/config.json: "))
  }

  @Test func `a folder without config or weights says what is missing`() throws {
    let folder = try TemporaryFolder()
    #expect(throws: FileError.self) { try SequenceClassifier(folder: folder.path, classes: 2, seed: 0) }
    try folder.write(#"{"model_type": "bert"}"#, to: "config.json")
    #expect(try message(folder.path).contains("'hidden_size' is missing"))
  }
}
