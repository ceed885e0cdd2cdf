import Foundation
import GraftSupport
import GraftTestSupport
import GraftTokenizers
import Testing

/// Compares tokenizers with settings files with transformers (`Tests/Goldens/tokenizer_folder_goldens.py`).
struct TokenizerFolderTests {
  struct Case: Decodable, CustomTestStringConvertible {
    let name: String
    let files: [String: String]
    let texts: [[String]]
    let longest: Int
    let expected: [Row]?

    struct Row: Decodable, Equatable {
      let ids: [Int32]
      /// The token types; `nil` for models without types.
      let types: [Int32]?
    }

    var testDescription: String { name }
  }

  static let cases: [Case] = (try? Goldens.read("folders.json")) ?? []

  private func folder(_ files: [String: String]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (name, text) in files { try folder.write(text, to: name) }
    return folder
  }

  @Test func `the cases can be read`() { #expect(Self.cases.count > 50) }

  @Test(arguments: cases)
  func `a folder yields the same ids as in transformers, or is refused as there`(_ one: Case) throws {
    let folder = try folder(one.files)
    guard let expected = one.expected else {
      let error = #expect(throws: TokenizerError.self) { try TokenizerFolder(folder.path) }
      #expect(error?.description.hasPrefix(folder.path) == true)
      return
    }
    let tokenizer = try TokenizerFolder(folder.path).tokenizer
    for (texts, row) in zip(one.texts, expected) {
      let got = tokenizer.encode(texts[0], pair: texts.dropFirst().first, maxLength: one.longest)
      #expect(got.ids == row.ids && got.typeIDs == row.types ?? got.typeIDs, "\(texts)")
    }
  }

  private static let vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\n"

  private func message(_ files: [String: String]) throws -> String {
    let folder = try folder(files.merging(["vocab.txt": Self.vocabulary]) { $0 == "-" ? $1 : $0 })
    let error = #expect(throws: (any Error).self) { try TokenizerFolder(folder.path) }
    return try #require(error as? any UserError).description.replacing(folder.path, with: "F")
  }

  private func notes(_ files: [String: String]) throws -> String {
    let folder = try folder(files.merging(["vocab.txt": Self.vocabulary]) { given, _ in given })
    return try TokenizerFolder(folder.path).notes.joined(separator: "\n").replacing(folder.path, with: "F")
  }

  @Test(arguments: [
    (
      #"{"tokenizer_class": "BertJapaneseTokenizer"}"#,
      "tokenizer_class is 'BertJapaneseTokenizer', which is not supported"
    ),
    (#"{"word_tokenizer_type": "mecab"}"#, "word_tokenizer_type is 'mecab', which cannot be honored"),
    (#"{"split_special_tokens": true}"#, "split_special_tokens is true"),
    (#"{"do_lower_case": "yes"}"#, "do_lower_case is 'yes', which cannot be honored; expected true or false"),
    (#"{"truncation_side": "middle"}"#, "expected left or right"),
    (#"{"unk_token": "<unk>"}"#, "lacks '<unk>', which F/tokenizer_config.json names as unk_token"),
    (#"{"fast_tokenizer_files": ["tokenizer.json", "tokenizer.4.0.json"]}"#, "expected only tokenizer.json"),
    (#"{"unk_token": 3}"#, "unk_token is 3, which cannot be honored; expected a token"),
    (#"{"mask_token": {"content": "a", "wide": true}}"#, "the mask_token has the unknown key 'wide'"),
    (#"{"added_tokens_decoder": {"x": {"content": "a"}}}"#, "added_tokens_decoder is 'x'"),
    (#"{"added_tokens_decoder": {"99999999999": {"content": "a"}}}"#, "added_tokens_decoder is '99999999999'"),
    (#"{"do_lower_case": true, "do_lower_case": false}"#, "'do_lower_case' appears twice in one object"),
    ("[]", "the file is '[]', which cannot be honored; expected an object"),
  ])
  func `a setting that cannot be honored is named in the error`(settings: String, expected: String) throws {
    let message = try message(["tokenizer_config.json": settings])
    #expect(message.hasPrefix("F/") && message.contains(expected), "\(message)")
  }

  @Test func `an unsupported class in config json and an unsupported model type are named in the error`() throws {
    #expect(
      try message(["config.json": #"{"tokenizer_class": "XLNetTokenizer"}"#]).contains(
        "F/config.json: tokenizer_class is 'XLNet"))
    #expect(
      try message(["config.json": #"{"model_type": "gpt2"}"#]).contains("model_type 'gpt2' has no supported tokenizer"))
  }

  @Test func `an added token needs a valid id`() throws {
    #expect(try message(["added_tokens.json": #"{"x": -1}"#]).contains("'x' is -1, which cannot be honored"))
    #expect(try message(["added_tokens.json": #"{"x": 1e99}"#]).contains("expected an id from 0"))
  }

  @Test func `a folder that names no class uses that of the model's family`() throws {
    let lowered = try #require(Self.cases.first { $0.name == "the class's default lowers" })
    let folder = try folder(lowered.files.merging(["config.json": "{}"]) { $1 })
    let tokenizer = try TokenizerFolder(folder.path, class: "BertTokenizer").tokenizer
    #expect(tokenizer.encode("Café HELLO Hello", pair: nil, maxLength: 32).ids == lowered.expected?.first?.ids)
    #expect(throws: TokenizerError.self) { try TokenizerFolder(folder.path, class: "XLNetTokenizer") }
  }

  @Test func `a note names the file used when files disagree`() throws {
    #expect(
      try notes([
        "special_tokens_map.json": #"{"unk_token": "a"}"#, "tokenizer_config.json": #"{"unk_token": "b"}"#,
      ]).contains(
        "unk_token is 'b' in F/tokenizer_config.json and 'a' in F/special_tokens_map.json; F/special_tokens_map.json was used"
      ))
    #expect(
      try notes(["added_tokens.json": #"{"x": 40}"#]).contains(
        "gives 'x' the id 40, but added tokens are numbered after"))
    #expect(try notes(["tokenizer_config.json": #"{"do_lower_case": false}"#]).isEmpty)
    let cased = try #require(Self.cases.first { $0.name == "the class's default lowers" })
    #expect(try notes(cased.files).contains("has do_lower_case: false, BertTokenizer has true unless"))
    let merges = try #require(Self.cases.first { $0.name == "merges without a version lose the first" })
    #expect(try notes(merges.files).contains("line 1, 'Ġ a', was skipped, as in transformers"))
  }

  @Test func `a vocabulary file that differs from tokenizer json is noted`() throws {
    let lowered = try #require(Self.cases.first { $0.name == "accents stay" })
    let vocabulary = "[PAD] [UNK] [CLS] [SEP] [MASK] hello world he ##llo cafe HELLO new tok a b Café 東 京"
    let same = vocabulary.replacing(" ", with: "\n") + "\n"
    let message = "F/tokenizer.json and F/vocab.txt have different vocabularies; F/tokenizer.json was used"
    #expect(try !notes(lowered.files.merging(["vocab.txt": same]) { $1 }).contains("vocabularies"))
    #expect(try notes(lowered.files.merging(["vocab.txt": same + "more\n"]) { $1 }).contains(message))
  }

  @Test func `unknown keys are listed with their files`() throws {
    let folder = try folder([
      "vocab.txt": Self.vocabulary, "tokenizer_config.json": #"{"model_max_length": 512, "surprise": 1}"#,
      "special_tokens_map.json": #"{"other": "x"}"#,
    ])
    #expect(
      try TokenizerFolder(folder.path).unknownKeys == [
        "'surprise' in \(folder.path)/tokenizer_config.json", "'other' in \(folder.path)/special_tokens_map.json",
      ])
  }

  @Test func `a special token that is in neither the files nor the model is text`() throws {
    let files = ["vocab.txt": "[UNK]\n[CLS]\n[SEP]\na\n"]
    let small = try folder(files.merging(["config.json": #"{"model_type": "bert", "vocab_size": 4}"#]) { $1 })
    #expect(try loadTokenizer(folder: small.path).vocabularySize == 4)
    let padded = try folder(files.merging(["config.json": #"{"model_type": "bert", "vocab_size": 8}"#]) { $1 })
    #expect(try loadTokenizer(folder: padded.path).encode("[PAD] a", pair: nil, maxLength: 9).ids == [1, 4, 3, 2])
  }

  @Test(arguments: [
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "config.json",
  ])
  func `a link without a target is an error, not a missing file`(name: String) throws {
    let folder = try folder(["vocab.txt": Self.vocabulary])
    try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/\(name)", withDestinationPath: "nowhere")
    let error = #expect(throws: FileError.self) { try TokenizerFolder(folder.path) }
    #expect(error?.path == "\(folder.path)/\(name)")
  }
}
