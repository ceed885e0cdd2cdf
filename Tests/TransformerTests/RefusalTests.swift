import Foundation
import GraftSafetensors
import GraftSupport
import GraftTestSupport
import GraftTransformer
import Testing

/// Folders that can't be loaded as a base, and the messages that users see.
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

  @Test func `a missing tensor is named`() throws {
    var copy = try ModelFolder(.bert)
    copy.rename { $0.contains("layer.1.attention.self.value.bias") ? nil : $0 }
    #expect(try message(copy.write()).contains("no tensor encoder.layer.1.attention.self.value.bias"))
  }

  @Test(arguments: ["classifier.weight", "classifier.bias", "bert.pooler.dense.weight", "bert.pooler.dense.bias"])
  func `an incomplete head is rejected, not initialized`(missing: String) throws {
    var copy = try ModelFolder(.bert)
    copy.rename { $0 == missing ? nil : $0 }
    #expect(try message(copy.write()).contains("no tensor \(missing.replacing("bert.", with: ""))"))
  }

  @Test func `a tensor with the wrong shape is named with both shapes`() throws {
    var copy = try ModelFolder(.bert)
    copy.tensors["bert.encoder.layer.0.output.dense.bias"]?.shape = [16, 2]
    #expect(
      try message(copy.write())
        == ": tensor bert.encoder.layer.0.output.dense.bias has shape [16, 2], expected [32] by config.json")
  }

  @Test func `tensors that are not floats are rejected`() throws {
    var copy = try ModelFolder(.bert)
    copy.tensors["classifier.bias"] = .init(type: .i32, shape: [3], bytes: Array(repeating: 0, count: 12))
    #expect(try message(copy.write()).contains("its elements are I32"))
  }

  @Test func `an unsupported architecture is named with the supported ones`() throws {
    #expect(
      try message(config: "model_type", #""gpt2""#)
        == "/config.json: architecture 'gpt2' is not supported; use a base of one of these: bert, distilbert, "
        + "roberta, mpnet")
  }

  @Test func `an unsupported activation is named`() throws {
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
    ("embedding_size", "16", "'embedding_size' differs from 'hidden_size'"),
    ("auto_map", #"{"AutoModel": "modeling.Own"}"#, "'auto_map' has 'AutoModel'"),
    ("initializer_range", "1.5", "'initializer_range' is 1.5"),
  ])
  func `a key that requires a different kind of model is named`(key: String, value: String, expected: String) throws {
    #expect(try message(config: key, value).contains(expected))
    // When it is off, it has no effect.
    if ["true", "{"].contains(where: value.hasPrefix) {
      var copy = try ModelFolder(.bert)
      copy.config[key] = value == "true" ? "false" : key == "pruned_heads" ? #"{"0": []}"# : "{}"
      let folder = try copy.write()
      #expect(throws: Never.self) { try SequenceClassifier(folder: folder, classes: 3, seed: 0) }
    }
  }

  @Test(arguments: ["position_embedding_type", "hidden_act", "layer_norm_eps", "hidden_dropout_prob", "hidden_size"])
  func `null is rejected where it is not the default`(key: String) throws {
    #expect(try message(config: key, "null").contains("'\(key)' is null, which is not its default"))
  }

  @Test func `a model type that can't be inferred is requested`() throws {
    var copy = try ModelFolder(.roBERTa)
    copy.config["model_type"] = nil
    copy.config["architectures"] = nil
    #expect(
      try message(copy.write()).contains(
        #"add "model_type": "bert" to the file, or whichever of bert, distilbert, roberta, mpnet applies"#))
    copy.config["architectures"] = #"["XLNetModel"]"#
    #expect(
      try message(copy.write()).contains("there is no model_type, and the architecture 'XLNetModel' is not one of"))
  }

  @Test func `a duplicate key is rejected`() throws {
    let copy = try ModelFolder(.bert)
    let folder = try copy.write()
    let text = try copy.folder.read("config.json")
    try copy.folder.write(text.replacing("{\"arch", with: "{\"hidden_size\": 64, \"arch"), to: "config.json")
    #expect(try message(folder).contains("'hidden_size' appears twice"))
  }

  @Test(arguments: ["config.json", "model.safetensors"])
  func `a broken link is reported`(name: String) throws {
    let copy = try ModelFolder(.bert)
    let folder = try copy.write()
    try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    try FileManager.default.createSymbolicLink(atPath: "\(folder)/\(name)", withDestinationPath: "nowhere")
    let error = #expect(throws: (any Error).self) { try SequenceClassifier(folder: folder, classes: 3, seed: 0) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("cannot read \(folder)/\(name)"))
  }

  @Test func `positions that are not absolute are rejected`() throws {
    #expect(
      try message(config: "position_embedding_type", #""relative_key""#).contains("only 'absolute' is supported"))
  }

  @Test(
    arguments: [
      ("hidden_size", nil, "'hidden_size' is missing"), ("hidden_size", "0", "'hidden_size' is 0, expected 1 to"),
      ("hidden_size", "-32", "'hidden_size' is -32"), ("hidden_size", #""32""#, "'hidden_size' has the wrong type"),
      ("num_attention_heads", "5", "the hidden width 32 is not divisible by the 5 attention heads"),
      ("num_hidden_layers", "1001", "'num_hidden_layers' is 1001, expected 1 to 1000"),
      ("vocab_size", "99999999999", "'vocab_size' is 99999999999"),
      ("hidden_dropout_prob", "1.5", "'hidden_dropout_prob' is 1.5, expected 0 to below 1"),
      ("layer_norm_eps", "-1", "'layer_norm_eps' is -1, expected"),
    ] as [(String, String?, String)])
  func `an invalid number is named`(key: String, value: String?, expected: String) throws {
    #expect(try message(config: key, value).contains(expected))
  }

  @Test(arguments: ["", "[]", "{", "nonsense"])
  func `a config that is not a JSON object is rejected`(text: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(text, to: "config.json")
    #expect(try message(folder.path).contains("/config.json: "))
  }

  @Test func `a folder without a config or a key is reported with what is missing`() throws {
    let folder = try TemporaryFolder()
    #expect(throws: FileError.self) { try SequenceClassifier(folder: folder.path, classes: 2, seed: 0) }
    try folder.write(#"{"model_type": "bert"}"#, to: "config.json")
    #expect(try message(folder.path).contains("'hidden_size' is missing"))
  }
}
