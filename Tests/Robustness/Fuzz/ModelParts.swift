import Foundation
import GraftSafetensors

/// Seeds in formats that the project does not write.
enum ModelParts {
  /// Splits a file's tensors into two shards with an index.
  static func shards(of content: [UInt8]) throws -> [String: [UInt8]] {
    let file = try SafetensorsFile(bytes: content, name: "whole")
    var files: [String: [UInt8]] = [:]
    var members: [String] = []
    let half = file.entries.count / 2
    for (number, entries) in [file.entries[..<half], file.entries[half...]].enumerated() {
      let name = "model-0000\(number + 1)-of-00002.safetensors"
      var writer = SafetensorsWriter()
      for entry in entries {
        try writer.add(entry.name, type: entry.elementType, shape: entry.shape, bytes: file.bytes(of: entry))
        members.append("\"\(entry.name)\": \"\(name)\"")
      }
      files[name] = try writer.encoded()
    }
    let index = "{\"metadata\": {\"total_size\": 100}, \"weight_map\": {\(members.joined(separator: ", "))}}"
    files["model.safetensors.index.json"] = Array(index.utf8)
    return files
  }

  /// Returns a ZIP archive with a stored and a deflated file.
  static func archive() -> [UInt8] {
    let text = Array("index\tsentence\tlabel\n0\tgood film\t1\n".utf8)
    // An uncompressed deflate block: last block, length, its complement.
    let length = UInt16(text.count)
    let deflated = [1] + little(UInt64(length), 2) + little(UInt64(~length), 2) + text
    var body: [UInt8] = []
    var directory: [UInt8] = []
    for (name, method, packed) in [("a.tsv", UInt64(0), text), ("b/c.tsv", 8, deflated)] {
      let common =
        little(20, 2) + little(0, 2) + little(method, 2) + little(0, 4) + little(UInt64(checksum(text)), 4)
        + little(UInt64(packed.count), 4) + little(UInt64(text.count), 4) + little(UInt64(name.utf8.count), 2)
        + little(0, 2)
      directory +=
        little(0x0201_4B50, 4) + little(20, 2) + common + little(0, 2) + little(0, 2) + little(0, 2) + little(0, 4)
        + little(UInt64(body.count), 4) + Array(name.utf8)
      body += little(0x0403_4B50, 4) + common + Array(name.utf8) + packed
    }
    return body + directory + little(0x0605_4B50, 4) + little(0, 4) + little(2, 2) + little(2, 2)
      + little(UInt64(directory.count), 4) + little(UInt64(body.count), 4) + little(0, 2)
  }

  private static func little(_ value: UInt64, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
  }

  /// Returns the CRC-32 of a ZIP archive, computed bit by bit.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum = ~UInt32(0)
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }

  /// Returns BERT's `tokenizer.json` for a list of tokens, in the format of transformers.
  static func bertTokenizer(_ tokens: [String]) -> [UInt8] {
    let vocabulary = tokens.enumerated().map { "\"\($1)\": \($0)" }.joined(separator: ", ")
    let added = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].enumerated().map {
      #"{"id": \#($0), "content": "\#($1)", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}"#
    }
    return Array(
      #"""
      {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [\#(added.joined(separator: ", "))],
      "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true},
      "pre_tokenizer": {"type": "BertPreTokenizer"},
      "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
      {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
      "pair": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
      {"SpecialToken": {"id": "[SEP]", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}, {"SpecialToken": {"id": "[SEP]", "type_id": 1}}],
      "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]}, "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}}},
      "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
      "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
      "vocab": {\#(vocabulary)}}}
      """#.utf8)
  }

  /// Returns RoBERTa's `tokenizer.json` for the content of a `vocab.json` and the lines of a `merges.txt`.
  static func robertaTokenizer(vocabulary: String, merges: [String]) -> [UInt8] {
    Array(
      #"""
      {"version": "1.0", "truncation": null, "padding": null,
      "added_tokens": [{"id": 0, "content": "<s>", "special": true}, {"id": 4, "content": "<mask>", "lstrip": true, "special": true}],
      "normalizer": null, "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
      "post_processor": {"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0], "trim_offsets": true, "add_prefix_space": false},
      "decoder": {"type": "ByteLevel"},
      "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": "", "end_of_word_suffix": "", "fuse_unk": false,
      "vocab": \#(vocabulary), "merges": [\#(merges.map { "\"\($0)\"" }.joined(separator: ", "))]}}
      """#.utf8)
  }
}
