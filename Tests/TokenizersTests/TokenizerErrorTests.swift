import Foundation
import GraftSupport
import GraftTestSupport
import GraftTokenizers
import Testing

struct TokenizerErrorTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func message(_ text: String, as name: String = "tokenizer.json") throws -> String {
    try folder.write(text, to: name)
    let error = #expect(throws: (any Error).self) { try loadTokenizer(folder: folder.path) }
    let message = try #require(error as? any UserError).description
    #expect(message.hasPrefix("\(folder.path)") && !message.contains("\n"))
    return String(message.dropFirst(folder.path.count))
  }

  private let model = #""model": {"type": "WordPiece", "vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2}}"#
  private let normalizer = #""normalizer": {"type": "BertNormalizer"}"#
  private let split = #""pre_tokenizer": {"type": "BertPreTokenizer"}"#
  private let around = #""post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 2], "cls": ["[CLS]", 1]}"#

  @Test func `the four required parts are sufficient`() throws {
    try folder.write("{\(normalizer), \(split), \(around), \(model)}", to: "tokenizer.json")
    #expect(try loadTokenizer(folder: folder.path).encode("a", pair: nil, maxLength: 9).ids == [1, 0, 2])
  }

  @Test func `the error for a folder without a tokenizer lists the expected files`() {
    #expect(
      throws: TokenizerError.noTokenizer(
        folder: folder.path, class: nil, expected: "tokenizer.json, vocab.txt, or vocab.json with merges.txt")
    ) { try loadTokenizer(folder: folder.path) }
  }

  @Test func `a missing part is named in the error`() throws {
    #expect(try message("{\(split), \(around), \(model)}").contains("'normalizer' is missing"))
    #expect(try message("{\(normalizer), \(around), \(model)}").contains("'pre_tokenizer' is missing"))
    #expect(try message("{\(normalizer), \(split), \(model)}").contains("'post_processor' is missing"))
    #expect(try message("{\(normalizer), \(split), \(around)}").contains("'model' is missing"))
  }

  @Test(arguments: [
    ("normalizer", #"{"type": "Lowercase"}"#, "'Lowercase', but only BertNormalizer"),
    ("normalizer", "null", "'null', but only BertNormalizer"),
    ("pre_tokenizer", #"{"type": "Metaspace"}"#, "'Metaspace', but only BertPreTokenizer or ByteLevel"),
    (
      "post_processor", #"{"type": "ByteLevel"}"#,
      "'ByteLevel', but only TemplateProcessing, BertProcessing, or Roberta"
    ),
    ("post_processor", "null", "'null', but only TemplateProcessing"),
    ("model", #"{"type": "Unigram", "vocab": {}}"#, "'Unigram', but only WordPiece or BPE"),
  ])
  func `an unsupported kind of a part is named in the error`(part: String, value: String, expected: String) throws {
    let parts = ["normalizer": normalizer, "pre_tokenizer": split, "post_processor": around, "model": model]
    let text = parts.map { $0.key == part ? "\"\(part)\": \(value)" : $0.value }.joined(separator: ", ")
    #expect(try message("{\(text)}").contains("the \(part) is \(expected)"))
  }

  @Test(arguments: [
    "", "[]", "{", "{\"model\": 1}", "{\"added_tokens\": [{}]}", "{\"added_tokens\": [{\"id\": -1}]}", "{} x",
  ])
  func `text that is not valid JSON of the expected form is refused`(text: String) throws { _ = try message(text) }

  @Test func `a template with a wrong number of texts or too many special tokens is refused`() throws {
    func template(_ single: String) -> String {
      let special = #""special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [1], "tokens": ["[CLS]"]}}"#
      let (cls, a) = (#"{"SpecialToken": {"id": "[CLS]", "type_id": 0}}"#, #"{"Sequence": {"id": "A", "type_id": 0}}"#)
      let b = #"{"Sequence": {"id": "B", "type_id": 1}}"#
      let parts = single.map { $0 == "A" ? a : cls }.joined(separator: ", ")
      let processor =
        #"{"type": "TemplateProcessing", "single": [\#(parts)], "pair": [\#(cls), \#(a), \#(b), \#(cls)], \#(special)}"#
      return #"{\#(normalizer), \#(split), "post_processor": \#(processor), \#(model)}"#
    }
    try folder.write(template("CAC"), to: "tokenizer.json")
    #expect(try loadTokenizer(folder: folder.path).encode("a", pair: nil, maxLength: 9).ids == [1, 0, 1])
    #expect(try message(template("CAAC")).contains("uses text A 2 times and text B 0 times"))
    #expect(try message(template("CC")).contains("uses text A 0 times and text B 0 times"))
    #expect(try message(template("CACCCCCCCC")).contains("adds 9 special tokens to a text, expected at most 8"))
  }

  @Test func `special ids count toward the vocabulary's size`() throws {
    let far = around.replacing("\"[CLS]\", 1", with: "\"[CLS]\", 5000")
    try folder.write("{\(normalizer), \(split), \(far), \(model)}", to: "tokenizer.json")
    #expect(try loadTokenizer(folder: folder.path).vocabularySize == 5001)
  }

  @Test func `a million consecutive marks are processed in linear time`() throws {
    try folder.write("{\(normalizer), \(split), \(around), \(model)}", to: "tokenizer.json")
    let marks = String(repeating: "\u{302E}", count: 1_000_000)
    #expect(try loadTokenizer(folder: folder.path).encode(marks, pair: nil, maxLength: 9).ids == [1, 0, 2])
  }

  @Test func `an id that is too large is refused before memory is allocated`() throws {
    let text = #"{"model": {"type": "WordPiece", "vocab": {"a": 99999999999}}}"#
    #expect(try message(text).contains("the id 99999999999, expected one below 16777216"))
  }

  @Test func `vocab txt without its special tokens is refused`() throws {
    #expect(try message("a\nb\n", as: "vocab.txt").contains("the vocabulary lacks '[UNK]', the usual unk_token"))
    #expect(
      try message("[UNK]\n[SEP]\n", as: "vocab.txt").contains("the vocabulary lacks '[CLS]', the usual cls_token"))
  }

  @Test func `vocab txt that is not valid UTF-8 is refused with its line number`() throws {
    try folder.write([0x61, 0x0A, 0xFF, 0x0A], to: "vocab.txt")
    let error = #expect(throws: TokenizerError.self) { try loadTokenizer(folder: folder.path) }
    #expect(error?.description.contains("line 2 is not valid UTF-8") == true)
  }
}
