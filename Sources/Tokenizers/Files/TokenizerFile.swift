import GraftSupport

/// A `tokenizer.json` as written by Hugging Face's `tokenizers`. The truncation length, the padding, and the decoder do
/// not affect ids: lengths come from the configuration, nothing is padded, and ids are never decoded into text.
struct TokenizerFile {
  /// The components that the file describes.
  let parts: TokenizerParts
  /// The added tokens with the ids that the file assigns, in its order.
  let writtenTokens: [AddedToken]

  /// Reads a file.
  ///
  /// - Throws: ``TokenizerError`` when a part is missing, unsupported, or has an unrecognized key; `JSONError` when the
  ///   text is not JSON.
  init(path: String) throws {
    let file = try MappedFile(path: path)
    (parts, writtenTokens) = try withExtendedLifetime(file) { try Self.read(file.bytes, path: path) }
  }

  private enum Splitting { case bert, byteLevel(ByteLevelWords) }
  private enum Model { case wordPiece(WordPiece), bytePairs(BytePairs) }

  private static func read(_ bytes: UnsafeRawBufferPointer, path: String) throws -> (TokenizerParts, [AddedToken]) {
    var reader = JSONReader(bytes, path: path)
    var written: [AddedToken] = []
    var normalizer: BertNormalizer?
    var hasNormalizer = false
    var truncatesLeft = false
    var splitting: Splitting?
    var template: SpecialTokenTemplate?
    var model: Model?
    try reader.object { reader, key in
      switch key {
      case "added_tokens": try reader.array { written.append(try addedToken(&$0)) }
      case "normalizer":
        hasNormalizer = true
        normalizer = try reader.takeNull() ? nil : try self.normalizer(&reader)
      case "pre_tokenizer": splitting = try self.splitting(&reader)
      case "post_processor": template = try SpecialTokenTemplate(from: &reader)
      case "model": model = try self.model(&reader)
      case "truncation": truncatesLeft = try self.truncatesLeft(&reader)
      case "version", "padding", "decoder": try reader.skipValue()
      default: throw TokenizerError.unknownKey(file: path, part: "tokenizer", key: key)
      }
    }
    reader.skipSpace()
    guard reader.next == nil else { throw reader.unexpected("the end of the file") }
    func need<Part>(_ part: Part?, _ name: String) throws -> Part {
      guard let part else { throw TokenizerError.missing(file: path, what: "'\(name)'") }
      return part
    }
    let words: TokenizerParts.Words
    switch (try need(splitting, "pre_tokenizer"), try need(model, "model")) {
    case (.bert, .wordPiece(let model)):
      guard let normalizer else {
        throw hasNormalizer
          ? TokenizerError.unsupported(file: path, part: "normalizer", found: "null", supported: "BertNormalizer")
          : TokenizerError.missing(file: path, what: "'normalizer'")
      }
      words = .wordPiece(normalizer, model)
    case (.byteLevel(let splitting), .bytePairs(let model)):
      guard normalizer == nil else {
        throw TokenizerError.unsupported(file: path, part: "normalizer", found: "BertNormalizer", supported: "null")
      }
      words = .byteLevel(splitting, model)
    case (.bert, .bytePairs):
      throw TokenizerError.unsupported(file: path, part: "model", found: "BPE", supported: "WordPiece")
    case (.byteLevel, .wordPiece):
      throw TokenizerError.unsupported(file: path, part: "model", found: "WordPiece", supported: "BPE")
    }
    var parts = TokenizerParts(file: path, words: words, template: try need(template, "post_processor"))
    parts.template.truncatesLeft = truncatesLeft
    for token in written { parts.added.add(token.definition, vocabulary: parts.vocabulary) }
    return (parts, written)
  }

  /// Reads the truncation, `{"direction": "Right", …}` or null: whether the beginning of a text is truncated.
  private static func truncatesLeft(_ reader: inout JSONReader) throws -> Bool {
    var truncatesLeft = false
    if try reader.takeNull() { return false }
    try reader.object { reader, key in
      guard key == "direction" else { return try reader.skipValue() }
      let direction = try reader.string()
      guard ["Left", "Right"].contains(direction) else {
        throw TokenizerError.unsupported(
          file: reader.path, part: "direction of the truncation", found: direction, supported: "Left or Right")
      }
      truncatesLeft = direction == "Left"
    }
    return truncatesLeft
  }

  private static func splitting(_ reader: inout JSONReader) throws -> Splitting {
    let path = reader.path
    let supported = "BertPreTokenizer or ByteLevel"
    if try reader.takeNull() {
      throw TokenizerError.unsupported(file: path, part: "pre_tokenizer", found: "null", supported: supported)
    }
    var type: String?
    var words = ByteLevelWords()
    try reader.object { reader, key in
      switch key {
      case "type": type = try reader.string()
      case "add_prefix_space": words.addsPrefixSpace = try reader.boolean()
      case "use_regex": words.splits = try reader.boolean()
      case "trim_offsets": try reader.skipValue()
      default: throw TokenizerError.unknownKey(file: path, part: "pre_tokenizer", key: key)
      }
    }
    switch type {
    case "BertPreTokenizer": return .bert
    case "ByteLevel": return .byteLevel(words)
    case let other?:
      throw TokenizerError.unsupported(file: path, part: "pre_tokenizer", found: other, supported: supported)
    case nil: throw TokenizerError.missing(file: path, what: "'type' of the pre_tokenizer")
    }
  }

  private static func addedToken(_ reader: inout JSONReader) throws -> AddedToken {
    var id: Int32?
    var hasContent = false
    var token = TokenDefinition(content: "")
    try reader.object { reader, key in
      switch key {
      case "id": id = try reader.tokenID()
      case "content":
        token.content = try reader.string()
        hasContent = true
      case "single_word": token.isSingleWord = try reader.boolean()
      case "lstrip": token.stripsLeft = try reader.boolean()
      case "rstrip": token.stripsRight = try reader.boolean()
      case "normalized": token.isNormalized = try reader.boolean()
      case "special": token.isSpecial = try reader.boolean()
      default: throw TokenizerError.unknownKey(file: reader.path, part: "added token", key: key)
      }
    }
    guard let id, hasContent else {
      throw TokenizerError.missing(file: reader.path, what: "'id' or 'content' of an added token")
    }
    return AddedToken(id: id, definition: token)
  }

  private static func normalizer(_ reader: inout JSONReader) throws -> BertNormalizer {
    var normalizer = BertNormalizer()
    var stripsAccents: Bool?
    try reader.requireType("BertNormalizer", of: "normalizer") { reader, key in
      switch key {
      case "clean_text": normalizer.cleansText = try reader.boolean()
      case "handle_chinese_chars": normalizer.isolatesChinese = try reader.boolean()
      case "strip_accents": stripsAccents = try reader.takeNull() ? nil : try reader.boolean()
      case "lowercase": normalizer.lowersCase = try reader.boolean()
      default: throw TokenizerError.unknownKey(file: reader.path, part: "normalizer", key: key)
      }
    }
    normalizer.stripsAccents = stripsAccents ?? normalizer.lowersCase
    return normalizer
  }

  /// Reads the model. Old files omit the model's type; it is BPE if there are merges.
  private static func model(_ reader: inout JSONReader) throws -> Model {
    let path = reader.path
    let supported = "WordPiece or BPE"
    if try reader.takeNull() {
      throw TokenizerError.unsupported(file: path, part: "model", found: "null", supported: supported)
    }
    var type: String?
    var vocabulary: Vocabulary?
    var unknown: String?
    var continuation: String?
    var ending: String?
    var longestWord = 100
    var merges: [(left: String, right: String)]?
    var others: [String] = []
    try reader.object { reader, key in
      switch key {
      case "type": type = try reader.string()
      case "vocab": vocabulary = try self.vocabulary(&reader)
      case "merges": merges = try self.merges(&reader)
      case "unk_token": unknown = try reader.takeNull() ? nil : try reader.string()
      case "continuing_subword_prefix": continuation = try reader.takeNull() ? nil : try reader.string()
      case "end_of_word_suffix": ending = try reader.takeNull() ? nil : try reader.string()
      case "max_input_chars_per_word":
        longestWord = try reader.wholeNumber()
        // The time per word grows with the square of this limit.
        guard longestWord <= 1000 else {
          throw TokenizerError.badValue(
            file: path, key: key, found: "\(longestWord)", expected: "at most 1000")
        }
      case "ignore_merges", "byte_fallback", "fuse_unk": if try reader.boolean() { others.append(key) }
      case "dropout":
        if try !reader.takeNull() {
          try reader.skipValue()
          others.append(key)
        }
      default: throw TokenizerError.unknownKey(file: path, part: "model", key: key)
      }
    }
    guard let vocabulary else { throw TokenizerError.missing(file: path, what: "'vocab' of the model") }
    switch type ?? (merges == nil ? "WordPiece" : "BPE") {
    case "WordPiece":
      return .wordPiece(
        try WordPiece(
          vocabulary: vocabulary, unknown: unknown ?? "[UNK]", continuation: continuation ?? "##",
          longestWord: longestWord, file: path))
    case "BPE":
      guard others.isEmpty, (continuation ?? "").isEmpty, (ending ?? "").isEmpty else {
        let found = others.first ?? "an affix for subwords"
        throw TokenizerError.unsupported(file: path, part: "model", found: found, supported: "plain byte-level BPE")
      }
      guard let merges else { throw TokenizerError.missing(file: path, what: "'merges' of the model") }
      return .bytePairs(try BytePairs(vocabulary: vocabulary, merges: merges, unknown: unknown, file: path))
    case let other:
      throw TokenizerError.unsupported(file: path, part: "model", found: other, supported: supported)
    }
  }

  /// Reads merges, each as `"a b"`, or as `["a", "b"]` in newer files.
  private static func merges(_ reader: inout JSONReader) throws -> [(left: String, right: String)] {
    var merges: [(left: String, right: String)] = []
    try reader.array { reader in
      var halves: [String] = []
      reader.skipSpace()
      if reader.next == UInt8(ascii: "[") {
        try reader.array { halves.append(try $0.string()) }
      } else {
        halves = mergeHalves(try reader.string())
      }
      guard halves.count == 2 else {
        throw TokenizerError.invalid(
          file: reader.path, reason: "merge \(merges.count + 1) has \(halves.count) parts, expected 2")
      }
      merges.append((halves[0], halves[1]))
    }
    return merges
  }

  static func vocabulary(_ reader: inout JSONReader) throws -> Vocabulary {
    var vocabulary = Vocabulary()
    // Names that differ only in the encoding of an accent are different tokens.
    try reader.object(names: .areAny) { reader, token in vocabulary.add(token, id: try reader.tokenID()) }
    return vocabulary
  }
}

extension JSONReader {
  /// Reads an object whose `type` must be the supported one.
  fileprivate mutating func requireType(
    _ type: String, of part: String, _ member: (inout JSONReader, String) throws -> Void
  ) throws {
    let path = path
    if try takeNull() { throw TokenizerError.unsupported(file: path, part: part, found: "null", supported: type) }
    var seen: String?
    try object { reader, key in
      guard key == "type" else { return try member(&reader, key) }
      let found = try reader.string()
      guard found == type else {
        throw TokenizerError.unsupported(file: path, part: part, found: found, supported: type)
      }
      seen = found
    }
    guard seen != nil else { throw TokenizerError.missing(file: path, what: "'type' of the \(part)") }
  }

  /// Reads a token's id.
  mutating func tokenID() throws -> Int32 {
    let number = try wholeNumber()
    guard let id = Int32(exactly: number), id < 1 << 24 else {
      throw TokenizerError.invalid(file: path, reason: "a token has the id \(number), expected one below \(1 << 24)")
    }
    return id
  }
}
