import GraftSupport

/// A `tokenizer.json` as Hugging Face's `tokenizers` writes it. Its truncation and padding are nobody's business here.
struct TokenizerFile {
  /// What the file describes.
  let parts: BertTokenizer.Parts

  /// - Throws: ``TokenizerError`` when a part is missing or of another kind, `JSONError` when the text is broken.
  init(path: String) throws {
    let file = try MappedFile(path: path)
    parts = try withExtendedLifetime(file) { try Self.read(file.bytes, path: path) }
  }

  private static func read(_ bytes: UnsafeRawBufferPointer, path: String) throws -> BertTokenizer.Parts {
    var reader = JSONReader(bytes, path: path)
    var added: [AddedToken] = []
    var normalizer: BertNormalizer?
    var splitsWords = false
    var template: SpecialTokenTemplate?
    var model: WordPiece?
    try reader.object { reader, key in
      switch key {
      case "added_tokens": try reader.array { added.append(try addedToken(&$0)) }
      case "normalizer": normalizer = try self.normalizer(&reader)
      case "pre_tokenizer":
        try reader.requireType("BertPreTokenizer", of: key) { reader, _ in try reader.skipValue() }
        splitsWords = true
      case "post_processor": template = try SpecialTokenTemplate(from: &reader)
      case "model": model = try wordPiece(&reader)
      default: try reader.skipValue()
      }
    }
    reader.skipSpace()
    guard reader.next == nil else { throw reader.unexpected("the end of the file") }
    func need<Part>(_ part: Part?, _ name: String) throws -> Part {
      guard let part else { throw TokenizerError.missing(file: path, what: "'\(name)'") }
      return part
    }
    guard splitsWords else { throw TokenizerError.missing(file: path, what: "'pre_tokenizer'") }
    return BertTokenizer.Parts(
      file: path, normalizer: try need(normalizer, "normalizer"), added: added, model: try need(model, "model"),
      template: try need(template, "post_processor"))
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

  private static func wordPiece(_ reader: inout JSONReader) throws -> WordPiece {
    var vocabulary: Vocabulary?
    var (unknown, continuation, longestWord) = ("[UNK]", "##", 100)
    try reader.requireType("WordPiece", of: "model") { reader, key in
      switch key {
      case "vocab": vocabulary = try self.vocabulary(&reader)
      case "unk_token": unknown = try reader.string()
      case "continuing_subword_prefix": continuation = try reader.string()
      case "max_input_chars_per_word": longestWord = try reader.wholeNumber()
      default: try reader.skipValue()
      }
    }
    guard let vocabulary else { throw TokenizerError.missing(file: reader.path, what: "'vocab' of the model") }
    return try WordPiece(
      vocabulary: vocabulary, unknown: unknown, continuation: continuation, longestWord: longestWord, file: reader.path)
  }

  private static func vocabulary(_ reader: inout JSONReader) throws -> Vocabulary {
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
