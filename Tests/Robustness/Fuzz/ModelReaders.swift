import Foundation
import GraftAdapterFiles
import GraftCore
import GraftHarness
import GraftTokenizers
import GraftTransformer

/// The readers of a base model's folder: configuration, weights, each tokenizer file, and the cache of identities.
extension Workspace {
  func modelReaders() throws -> [Reader] {
    let families = ["bert", "distilbert", "roberta"]
    let models = try families.map { family in try copy(base(family).folder, as: "model-\(family)") }
    let locator = BaseLocator(home: "\(folder)/inputs/home")
    let home = try make("home")
    _ = try PretrainedBase(models[0], locator: locator)
    return [
      Reader(
        name: "config.json", share: 40, seeds: try models.map { try seed($0, "config.json", .json) },
        read: { folder, _ in _ = try SequenceClassifier(folder: folder, classes: nil, seed: 0) }),
      Reader(
        name: "model.safetensors", share: 6, seeds: try models.map { try seed($0, "model.safetensors", .tensors) },
        read: { folder, _ in _ = try SequenceClassifier(folder: folder, classes: nil, seed: 0) }),
      Reader(
        name: "identities.json", share: 1, seeds: [try seed(home, "identities.json", .json)],
        read: { [base = models[0]] _, _ in _ = try PretrainedBase(base, locator: locator) }),
    ] + (try tokenizerReaders(models))
  }

  private func tokenizerReaders(_ models: [String]) throws -> [Reader] {
    let words = String(decoding: try Self.bytes("\(models[0])/vocab.txt"), as: UTF8.self).split(separator: "\n").map(
      String.init)
    let vocabulary = String(decoding: try Self.bytes("\(models[2])/vocab.json"), as: UTF8.self)
    let settings: [String: [UInt8]] = [
      "tokenizer_config.json": Array(
        #"""
        {"do_lower_case": true, "strip_accents": null, "tokenize_chinese_chars": true, "tokenizer_class": "BertTokenizer", "model_max_length": 512,
        "cls_token": "[CLS]", "sep_token": "[SEP]", "unk_token": "[UNK]", "pad_token": "[PAD]", "mask_token": "[MASK]", "truncation_side": "right",
        "added_tokens_decoder": {"0": {"content": "[PAD]", "lstrip": false, "rstrip": false, "normalized": false, "single_word": false, "special": true}}}
        """#.utf8),
      "special_tokens_map.json": Array(
        #"{"cls_token": "[CLS]", "sep_token": {"content": "[SEP]", "lstrip": false}, "unk_token": "[UNK]", "pad_token": "[PAD]", "mask_token": "[MASK]"}"#
          .utf8),
      "added_tokens.json": Array(#"{"[NEW]": 86, "[OTHER]": 87}"#.utf8),
    ]
    let bert = try make("tokenizer-bert", settings)
    let files: [String: [UInt8]] = ["vocab.txt": Array((words.joined(separator: "\n") + "\n").utf8)]
    for (name, content) in files { try Data(content).write(to: URL(fileURLWithPath: "\(bert)/\(name)")) }
    let roberta = try make("tokenizer-roberta")
    for name in ["vocab.json", "merges.txt"] {
      try Data(Self.bytes("\(models[2])/\(name)")).write(to: URL(fileURLWithPath: "\(roberta)/\(name)"))
    }
    let whole = [
      try make("tokenizer-json-bert", settings.merging(["tokenizer.json": ModelParts.bertTokenizer(words)]) { $1 }),
      try make(
        "tokenizer-json-roberta",
        ["tokenizer.json": ModelParts.robertaTokenizer(vocabulary: vocabulary, merges: ["g o", "go o"])]),
    ]
    func reader(_ name: String, _ share: Int, _ folders: [String], _ kind: Seed.Kind) throws -> Reader {
      Reader(
        name: name, share: share, seeds: try folders.map { try seed($0, name, kind) },
        read: { folder, _ in try Self.tokenize(folder) })
    }
    return [
      try reader("tokenizer.json", 50, whole, .json), try reader("vocab.txt", 30, [bert], .lines),
      try reader("vocab.json", 30, [roberta], .json), try reader("merges.txt", 25, [roberta], .lines),
      try reader("tokenizer_config.json", 20, [bert, whole[0]], .json),
      try reader("special_tokens_map.json", 10, [bert, whole[0]], .json),
      try reader("added_tokens.json", 10, [bert, whole[0]], .json), try textReader(),
    ]
  }

  /// Loads a tokenizer and encodes texts with it.
  private static func tokenize(_ folder: String) throws {
    let tokenizer = try loadTokenizer(folder: folder)
    for text in ["", "The film is very good.", "goo [CLS] <mask> \u{E9}\u{4E2D}\u{1F600} e\u{301}"] {
      let encoding = tokenizer.encode(text, pair: text.isEmpty ? nil : "bad", maxLength: 16)
      for id in encoding.ids.prefix(4) { _ = tokenizer.token(of: id) }
    }
    _ = tokenizer.identityBytes
  }

  /// Returns readers that tokenize and classify arbitrary text.
  private func textReader() throws -> Reader {
    let tokenizers = try ["bert", "roberta"].map { try base($0).tokenizer }
    return Reader(
      name: "texts to tokenize", share: 20,
      seeds: [
        "The film is very good, isn't it?", "goo\u{E9} \u{4E2D}\u{6587} \u{1F600} e\u{301} \u{AC00}",
        "[CLS] <mask> </s> ##a",
      ].map {
        Seed(kind: .lines, content: Array($0.utf8))
      },
      read: { _, bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        for tokenizer in tokenizers {
          let encoding = tokenizer.encode(text, pair: text, maxLength: 32)
          guard encoding.ids.allSatisfy({ $0 >= 0 && $0 < tokenizer.vocabularySize }) else {
            throw CocoaError(.coderInvalidValue)
          }
        }
      })
  }
}
