import GraftSupport

/// The tokenizer settings in `tokenizer_config.json`, `special_tokens_map.json`, `added_tokens.json`, and the model's
/// `config.json`. Each key is honored, known to have no effect on ids, or rejected.
///
/// Precedence follows transformers 4.57 (`PreTrainedTokenizerBase._from_pretrained`): when `tokenizer_config.json`
/// lists tokens in `added_tokens_decoder`, the other two token files are ignored.
struct TokenizerSettings {
  var lowersCase: Bool?
  var stripsAccents: Bool?
  var isolatesChinese: Bool?
  var addsPrefixSpace: Bool?
  var truncatesLeft: Bool?
  /// Whether tokens of the second text get type 1; `nil` for the class's default.
  var givesTypes: Bool?
  /// The class named in the files; `nil` when none is named and the model type is unknown.
  let tokenizerClass: TokenizerClass?
  /// Special tokens by key.
  var specials: [String: Special] = [:]
  /// Special tokens without a key: additional ones, then extra ones.
  var otherSpecials: [TokenDefinition] { additionalSpecials + extraSpecials }
  private var additionalSpecials: [TokenDefinition] = []
  private var extraSpecials: [TokenDefinition] = []
  /// Added tokens by ascending id, as numbered in the files.
  var added: [(id: Int, token: TokenDefinition, file: String)] = []
  /// The number of tokens in the model's embedding table.
  let modelVocabulary: Int?
  /// Whether the model has token types.
  let modelHasTypes: Bool
  /// Notes for the user: where files disagree, and which one was used.
  var notes: [String] = []
  /// Unrecognized keys, with their files.
  var unknownKeys: [String] = []

  /// A special token that a file defines.
  struct Special {
    var token: TokenDefinition
    let file: String
    /// Whether the file has only the token's content, so that its flags are those of the class.
    let isNameOnly: Bool
  }

  /// Whether `tokenizer_config.json` lists its tokens, so that the other token files are ignored.
  let listsTokens: Bool
  let folder: String

  /// Reads the settings files that exist in the folder.
  ///
  /// - Throws: ``TokenizerError`` for a key that cannot be honored; `FileError` or `JSONError` for the files themselves.
  init(folder: String, modelClass: String?, modelHasTypes: Bool) throws {
    self.folder = folder
    let config = try Self.read("\(folder)/config.json")
    let settings = try Self.read("\(folder)/tokenizer_config.json")
    listsTokens = settings?["added_tokens_decoder"] != nil
    tokenizerClass = try Self.tokenizerClass(settings, config, modelClass, folder: folder)
    modelVocabulary = config?["vocab_size"]?.int
    self.modelHasTypes = modelHasTypes
    if let settings { try takeSettings(settings, file: path("tokenizer_config.json")) }
    try takeTokenFiles()
    added.sort { $0.id < $1.id }
  }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// Finds the class as `AutoTokenizer` does: in `tokenizer_config.json`, else in `config.json`, else by the model type.
  private static func tokenizerClass(
    _ settings: JSONTree?, _ config: JSONTree?, _ modelClass: String?, folder: String
  ) throws -> TokenizerClass? {
    for (tree, file) in [(settings, "tokenizer_config.json"), (config, "config.json")] {
      guard let name = tree?["tokenizer_class"]?.text else { continue }
      guard let known = TokenizerClass.named(name) else {
        throw TokenizerError.unsupportedClass(
          file: "\(folder)/\(file)", name: name, supported: TokenizerClass.all.map(\.name))
      }
      return known
    }
    if let modelClass {
      guard let known = TokenizerClass.named(modelClass) else {
        throw TokenizerError.unsupportedClass(
          file: "\(folder)/config.json", name: modelClass, supported: TokenizerClass.all.map(\.name))
      }
      return known
    }
    guard let modelType = config?["model_type"]?.text else { return nil }
    guard let known = TokenizerClass.ofModelType[modelType].flatMap(TokenizerClass.named) else {
      throw TokenizerError.unsupportedModelType(
        file: "\(folder)/config.json", modelType: modelType, supported: TokenizerClass.ofModelType.keys.sorted())
    }
    return known
  }

  private static func read(_ path: String) throws -> JSONTree? {
    guard try fileExists(path) else { return nil }
    let tree = try JSONTree(file: path)
    guard tree.members != nil else {
      throw TokenizerError.badValue(file: path, key: "the file", found: tree.summary, expected: "an object")
    }
    return tree
  }

  /// The keys of the special tokens, in the order in which transformers adds them.
  static let roles = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"]

  /// Keys that do not affect ids: nothing is padded, lengths come from the configuration, ids are never decoded into
  /// text, and the fast tokenizers of transformers ignore the rest.
  private static let harmless: Set<String> = [
    "auto_map", "backend", "chat_template", "clean_up_tokenization_spaces", "device_map", "do_basic_tokenize",
    "do_split_on_punc", "errors", "is_local", "local_files_only", "max_len", "max_length", "merges_file",
    "model_max_length", "name_or_path", "never_split", "pad_to_multiple_of", "pad_token_type_id", "pad_token_id",
    "pad_to_max_length", "padding", "padding_side", "processor_class", "return_attention_mask", "return_tensors",
    "return_token_type_ids", "special_tokens_map_file", "stride", "full_tokenizer_file", "tokenizer_file",
    "trim_offsets",
    "truncation", "truncation_strategy", "use_fast", "verbose", "vocab_file", "wordpieces_prefix", "_commit_hash",
  ]

  private mutating func takeSettings(_ settings: JSONTree, file: String) throws {
    for (key, value) in (settings.members ?? []).map({ ($0.name, $0.value) }) {
      switch key {
      case "tokenizer_class": _ = try text(value, key, file)
      case "do_lower_case": lowersCase = try flag(value, key, file)
      case "strip_accents": stripsAccents = try flag(value, key, file)
      case "tokenize_chinese_chars": isolatesChinese = try flag(value, key, file)
      case "add_prefix_space": addsPrefixSpace = try flag(value, key, file)
      case "truncation_side":
        guard let side = try text(value, key, file) else { continue }
        guard ["left", "right"].contains(side) else { throw bad(value, key, file, "left or right") }
        truncatesLeft = side == "left"
      case "model_input_names":
        if value.isNull { continue }
        guard let names = value.elements?.map(\.text), !names.contains(nil) else {
          throw bad(value, key, file, "a list of names")
        }
        givesTypes = names.contains("token_type_ids")
      case "added_tokens_decoder": try takeDecoder(value, file: file)
      case "split_special_tokens", "from_slow", "init_inputs", "subword_tokenizer_type", "word_tokenizer_type":
        let plain = key == "subword_tokenizer_type" ? "wordpiece" : "basic"
        guard value.isOff || key.hasSuffix("_type") && value.text == plain else {
          throw TokenizerError.badValue(
            file: file, key: key, found: value.summary, expected: "a tokenizer that works without it")
        }
      case "fast_tokenizer_files":
        guard value.elements?.allSatisfy({ $0.text == "tokenizer.json" }) ?? value.isNull else {
          throw bad(value, key, file, "only tokenizer.json; files for other versions of transformers are not read")
        }
      case "additional_special_tokens", "extra_special_tokens": try takeOtherSpecials(value, key, file: file)
      case let role where Self.roles.contains(role): try takeSpecial(value, role, file: file)
      default: if !Self.harmless.contains(key) { unknownKeys.append("\(quoted(key)) in \(file)") }
      }
    }
    if settings["auto_map"]?.isOff == false {
      notes.append(
        "\(file): auto_map names custom code, which is never run; the tokenizer's class was used")
    }
  }

  /// Reads `special_tokens_map.json` and `added_tokens.json`, which older versions of transformers write.
  private mutating func takeTokenFiles() throws {
    let mapFile = path("special_tokens_map.json")
    if let map = try Self.read(mapFile) {
      for (key, value) in (map.members ?? []).map({ ($0.name, $0.value) }) {
        guard Self.roles.contains(key) else {
          if key == "additional_special_tokens" {
            if !listsTokens { try takeOtherSpecials(value, key, file: mapFile) }
          } else {
            unknownKeys.append("\(quoted(key)) in \(mapFile)")
          }
          continue
        }
        let before = specials[key]
        if !listsTokens { try takeSpecial(value, key, file: mapFile) }
        let found = try definition(value, key, mapFile)?.content
        if let before, let found, before.token.content != found {
          notes.append(
            "\(key) is \(quoted(before.token.content)) in \(before.file) and \(quoted(found)) in \(mapFile); "
              + "\(listsTokens ? before.file : mapFile) was used")
        }
      }
    }
    let addedFile = path("added_tokens.json")
    guard let tokens = try Self.read(addedFile), !listsTokens else { return }
    let named = Set(specials.values.map(\.token.content) + otherSpecials.map(\.content))
    for member in tokens.members ?? [] {
      guard let id = member.value.int, (0..<1 << 24).contains(id) else {
        throw bad(member.value, quoted(member.name), addedFile, "an id from 0 to \(1 << 24 - 1)")
      }
      let isSpecial = named.contains(member.name)
      added.append(
        (id, TokenDefinition(content: member.name, isNormalized: !isSpecial, isSpecial: isSpecial), addedFile))
    }
  }

  private mutating func takeDecoder(_ value: JSONTree, file: String) throws {
    guard let members = value.members else {
      throw bad(value, "added_tokens_decoder", file, "an object with a token for each id")
    }
    for member in members {
      guard let id = Int(member.name), (0..<1 << 24).contains(id), member.value.members != nil,
        let token = try definition(member.value, "added_tokens_decoder", file)
      else {
        throw TokenizerError.badValue(
          file: file, key: "added_tokens_decoder", found: quoted(member.name),
          expected: "an id below \(1 << 24) with a token's content and flags")
      }
      added.append((id, token, file))
    }
  }

  private mutating func takeSpecial(_ value: JSONTree, _ role: String, file: String) throws {
    guard let token = try definition(value, role, file) else { return }
    specials[role] = Special(token: token, file: file, isNameOnly: value.text != nil)
  }

  private mutating func takeOtherSpecials(_ value: JSONTree, _ key: String, file: String) throws {
    if value.isNull { return }
    guard let items = value.elements ?? value.members?.map(\.value) else {
      throw bad(value, key, file, "a list of tokens")
    }
    for item in items {
      guard let token = try definition(item, key, file) else { throw bad(item, key, file, "a list of tokens") }
      guard !otherSpecials.contains(where: { $0.content.utf8.elementsEqual(token.content.utf8) }) else { continue }
      if key == "extra_special_tokens" { extraSpecials.append(token) } else { additionalSpecials.append(token) }
    }
  }

  /// Reads a token, given as a string or as an object with flags; `nil` for null.
  private func definition(_ value: JSONTree, _ key: String, _ file: String) throws -> TokenDefinition? {
    if value.isNull { return nil }
    if let content = value.text { return TokenDefinition(content: content, isSpecial: true) }
    guard let members = value.members, let content = value["content"]?.text else {
      throw bad(value, key, file, "a token, as a string or as an object with its content and flags")
    }
    var token = TokenDefinition(content: content)
    token.isSpecial = key != "added_tokens_decoder"
    var isNormalized: Bool?
    for member in members where member.name != "content" && member.name != "__type" {
      guard let flag = member.value.flag else {
        throw bad(member.value, "\(key).\(member.name)", file, "true or false")
      }
      switch member.name {
      case "single_word": token.isSingleWord = flag
      case "lstrip": token.stripsLeft = flag
      case "rstrip": token.stripsRight = flag
      case "normalized": isNormalized = flag
      case "special": if key == "added_tokens_decoder" { token.isSpecial = flag }
      default: throw TokenizerError.unknownKey(file: file, part: key, key: member.name)
      }
    }
    token.isNormalized = isNormalized ?? !token.isSpecial
    return token
  }

  private func flag(_ value: JSONTree, _ key: String, _ file: String) throws -> Bool? {
    if value.isNull { return nil }
    guard let flag = value.flag else { throw bad(value, key, file, "true or false") }
    return flag
  }

  private func text(_ value: JSONTree, _ key: String, _ file: String) throws -> String? {
    if value.isNull { return nil }
    guard let text = value.text else { throw bad(value, key, file, "a string") }
    return text
  }

  private func bad(_ value: JSONTree, _ key: String, _ file: String, _ expected: String) -> TokenizerError {
    .badValue(file: file, key: key, found: value.summary, expected: expected)
  }
}
