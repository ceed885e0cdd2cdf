import GraftSupport

/// A `tokenizer.json` as Hugging Face's `tokenizers` writes it. Its truncation and padding are nobody's business here.
struct TokenizerFile {
  /// What the file describes.
  let tokenizer: any Tokenizer

  /// - Throws: ``TokenizerError`` when a part is missing or of another kind, `JSONError` when the text is broken.
  init(path: String) throws {
    let file = try MappedFile(path: path)
    tokenizer = try withExtendedLifetime(file) { try Self.read(file.bytes, path: path) }
  }

  private enum Splitting { case bert, byteLevel(ByteLevelWords) }
  private enum Model { case wordPiece(WordPiece), bytePairs(BytePairs) }

  private static func read(_ bytes: UnsafeRawBufferPointer, path: String) throws -> any Tokenizer {
    var reader = JSONReader(bytes, path: path)
    var added: [AddedToken] = []
    var normalizer: BertNormalizer?
    var hasNormalizer = false
    var splitting: Splitting?
    var template: SpecialTokenTemplate?
    var model: Model?
    try reader.object { reader, key in
      switch key {
      case "added_tokens": try reader.array { added.append(try addedToken(&$0)) }
      case "normalizer":
        hasNormalizer = true
        normalizer = try reader.takeNull() ? nil : try self.normalizer(&reader)
      case "pre_tokenizer": splitting = try self.splitting(&reader)
      case "post_processor": template = try SpecialTokenTemplate(from: &reader)
      case "model": model = try self.model(&reader)
      default: try reader.skipValue()
      }
    }
    reader.skipSpace()
    guard reader.next == nil else { throw reader.unexpected("the end of the file") }
    func need<Part>(_ part: Part?, _ name: String) throws -> Part {
      guard let part else { throw TokenizerError.missing(file: path, what: "'\(name)'") }
      return part
    }
    switch (try need(splitting, "pre_tokenizer"), try need(model, "model")) {
    case (.bert, .wordPiece(let model)):
      guard let normalizer else {
        throw hasNormalizer
          ? TokenizerError.unsupported(file: path, part: "normalizer", found: "null", supported: "BertNormalizer")
          : TokenizerError.missing(file: path, what: "'normalizer'")
      }
      return try BertTokenizer(
        .init(
          file: path, normalizer: normalizer, added: added, model: model,
          template: try need(template, "post_processor")))
    case (.byteLevel(let words), .bytePairs(let model)):
      guard normalizer == nil else {
        throw TokenizerError.unsupported(file: path, part: "normalizer", found: "BertNormalizer", supported: "null")
      }
      return try ByteLevelTokenizer(
        .init(
          file: path, words: words, added: added, model: model, template: try need(template, "post_processor")))
    case (.bert, .bytePairs):
      throw TokenizerError.unsupported(file: path, part: "model", found: "BPE", supported: "WordPiece")
    case (.byteLevel, .wordPiece):
      throw TokenizerError.unsupported(file: path, part: "model", found: "WordPiece", supported: "BPE")
    }
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
      default: try reader.skipValue()
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
    var (id, content): (Int32?, String?)
    var (isSingleWord, stripsLeft, stripsRight, isNormalized) = (false, false, false, false)
    try reader.object { reader, key in
      switch key {
      case "id": id = try reader.tokenID()
      case "content": content = try reader.string()
      case "single_word": isSingleWord = try reader.boolean()
      case "lstrip": stripsLeft = try reader.boolean()
      case "rstrip": stripsRight = try reader.boolean()
      case "normalized": isNormalized = try reader.boolean()
      default: try reader.skipValue()
      }
    }
    guard let id, let content else {
      throw TokenizerError.missing(file: reader.path, what: "'id' or 'content' of an added token")
    }
    return AddedToken(
      id: id, content: content, isSingleWord: isSingleWord, stripsLeft: stripsLeft, stripsRight: stripsRight,
      isNormalized: isNormalized)
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
      default: try reader.skipValue()
      }
    }
    normalizer.stripsAccents = stripsAccents ?? normalizer.lowersCase
    return normalizer
  }

  /// Files of old versions leave a model's type out; merges tell which it is.
  private static func model(_ reader: inout JSONReader) throws -> Model {
    let path = reader.path
    let supported = "WordPiece or BPE"
    if try reader.takeNull() {
      throw TokenizerError.unsupported(file: path, part: "model", found: "null", supported: supported)
    }
    var type: String?
    var vocabulary: Vocabulary?
    var unknown: String?
    var (continuation, ending, longestWord) = (String?.none, String?.none, 100)
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
      case "max_input_chars_per_word": longestWord = try reader.wholeNumber()
      case "ignore_merges", "byte_fallback", "fuse_unk": if try reader.boolean() { others.append(key) }
      case "dropout":
        if try !reader.takeNull() {
          try reader.skipValue()
          others.append(key)
        }
      default: try reader.skipValue()
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
        let found = others.first ?? "a mark for parts of words"
        throw TokenizerError.unsupported(file: path, part: "model", found: found, supported: "plain byte-level BPE")
      }
      guard let merges else { throw TokenizerError.missing(file: path, what: "'merges' of the model") }
      return .bytePairs(try BytePairs(vocabulary: vocabulary, merges: merges, unknown: unknown, file: path))
    case let other:
      throw TokenizerError.unsupported(file: path, part: "model", found: other, supported: supported)
    }
  }

  /// `"a b"`, or `["a", "b"]` in newer files.
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
        throw TokenizerError.invalid(file: reader.path, reason: "merge \(merges.count + 1) has \(halves.count) halves")
      }
      merges.append((halves[0], halves[1]))
    }
    return merges
  }

  static func vocabulary(_ reader: inout JSONReader) throws -> Vocabulary {
    var vocabulary = Vocabulary()
    // Names that differ only in how an accent is encoded are different tokens.
    try reader.object(namesAreUnique: false) { reader, token in vocabulary.add(token, id: try reader.tokenID()) }
    return vocabulary
  }
}

extension JSONReader {
  /// Reads an object that describes a part of a tokenizer by its `type`, which must be the one that is built in.
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
    // Files of old versions leave a model's type out.
    guard seen != nil || part == "model" else {
      throw TokenizerError.missing(file: path, what: "'type' of the \(part)")
    }
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
