/// What a tokenizer is made of, as its files describe it, before it is put together.
struct TokenizerParts {
  /// The file that defines the words, for errors.
  let file: String
  var words: Words
  var added = AddedVocabulary()
  /// What normalizes added tokens, where it is not what normalizes the text.
  var addedNormalizer: BertNormalizer?
  var template: SpecialTokenTemplate

  /// How text between added tokens is cut.
  enum Words {
    /// Devlin et al., 2019.
    case wordPiece(BertNormalizer, WordPiece)
    /// Radford et al., 2019.
    case byteLevel(ByteLevelWords, BytePairs)
  }

  /// The tokens that words are cut into.
  var vocabulary: Vocabulary {
    switch words {
    case .wordPiece(_, let model): model.vocabulary
    case .byteLevel(_, let model): model.vocabulary
    }
  }

  /// Puts the tokenizer together.
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

/// Added tokens with the ids that `tokenizers` gives them, whatever ids the files name: a token of the vocabulary keeps its
/// own, every other one gets the next free number.
struct AddedVocabulary {
  private(set) var tokens: [AddedToken] = []
  /// Keyed by bytes: to Swift two encodings of one accent are equal, to a vocabulary they are two tokens.
  private var places: [[UInt8]: Int] = [:]
  private var largestID: Int32?

  /// Adds a token, or defines one again that is there already; an empty one is left out, as the library does.
  ///
  /// - Returns: Its id.
  @discardableResult
  mutating func add(_ token: TokenDefinition, vocabulary: Vocabulary) -> Int32? {
    guard !token.content.isEmpty else { return nil }
    let key = Array(token.content.utf8)
    if let place = places[key] {
      var token = token
      // tokenizers 0.22 goes on looking for it in the same text, normalized or not.
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

  /// The id that a token has, or would get if it were added now.
  func id(of content: String, vocabulary: Vocabulary) -> Int32 {
    if let known = self[content]?.id ?? vocabulary.id(of: content) { return known }
    let size = Int32(vocabulary.count)
    return largestID.map { $0 >= size || size == 0 ? $0 + 1 : size } ?? size
  }

  /// The token with this content.
  subscript(content: String) -> AddedToken? { places[Array(content.utf8)].map { tokens[$0] } }
}
