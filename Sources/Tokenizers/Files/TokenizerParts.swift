/// The components of a tokenizer, as described by its files.
struct TokenizerParts {
  /// The file that defines the vocabulary, for errors.
  let file: String
  var words: Words
  var added = AddedVocabulary()
  /// The normalizer of added tokens, when it differs from that of the text.
  var addedNormalizer: BertNormalizer?
  var template: SpecialTokenTemplate

  /// How text between added tokens is split.
  enum Words {
    /// Devlin et al., 2019.
    case wordPiece(BertNormalizer, WordPiece)
    /// Radford et al., 2019.
    case byteLevel(ByteLevelWords, BytePairs)
  }

  /// The tokens that words are split into.
  var vocabulary: Vocabulary {
    switch words {
    case .wordPiece(_, let model): model.vocabulary
    case .byteLevel(_, let model): model.vocabulary
    }
  }

  /// Creates the tokenizer.
  ///
  /// - Throws: ``TokenizerError`` when the template of special tokens cannot be used.
  func makeTokenizer() throws -> any Tokenizer {
    switch words {
    case .wordPiece(let normalizer, let model):
      try BertTokenizer(
        .init(
          file: file, normalizer: normalizer, addedNormalizer: addedNormalizer ?? normalizer, added: added.tokens,
          model: model, template: template))
    case .byteLevel(let words, let model):
      try ByteLevelTokenizer(.init(file: file, words: words, added: added.tokens, model: model, template: template))
    }
  }
}

/// Added tokens with the ids that `tokenizers` assigns, regardless of the ids in the files: a token of the vocabulary keeps its
/// id; every other token gets the next free id.
struct AddedVocabulary {
  private(set) var tokens: [AddedToken] = []
  /// Keyed by bytes: Swift strings with two encodings of one accent are equal, but they are two tokens of a vocabulary.
  private var places: [[UInt8]: Int] = [:]
  private var largestID: Int32?

  /// Adds or redefines a token. An empty token is ignored, as in the library.
  ///
  /// - Returns: Its id.
  @discardableResult
  mutating func add(_ token: TokenDefinition, vocabulary: Vocabulary) -> Int32? {
    guard !token.content.isEmpty else { return nil }
    let key = Array(token.content.utf8)
    if let place = places[key] {
      var token = token
      // tokenizers 0.22 keeps matching it in the same form of the text, normalized or not.
      token.isNormalized = tokens[place].definition.isNormalized
      tokens[place] = AddedToken(id: tokens[place].id, definition: token)
      return tokens[place].id
    }
    let id = id(of: token.content, vocabulary: vocabulary)
    places[key] = tokens.count
    tokens.append(AddedToken(id: id, definition: token))
    largestID = max(id, largestID ?? 0)
    return id
  }

  /// Returns the id of a token, or the id that it would get if it were added now.
  func id(of content: String, vocabulary: Vocabulary) -> Int32 {
    if let known = self[content]?.id ?? vocabulary.id(of: content) { return known }
    let size = Int32(vocabulary.count)
    return largestID.map { $0 >= size || size == 0 ? $0 + 1 : size } ?? size
  }

  /// The added token with this content.
  subscript(content: String) -> AddedToken? { places[Array(content.utf8)].map { tokens[$0] } }
}
