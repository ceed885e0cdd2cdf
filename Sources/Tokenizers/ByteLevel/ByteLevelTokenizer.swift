/// The tokenizer of RoBERTa and GPT-2: added tokens are matched first, the rest is split into words, and the words' bytes are
/// merged pair by pair.
///
/// Radford et al., 2019, section 2.2; its ids equal those of Hugging Face's `tokenizers` library.
struct ByteLevelTokenizer: Tokenizer {
  /// The components of the tokenizer, as described by its file.
  struct Parts {
    /// The file, for errors.
    let file: String
    var words: ByteLevelWords
    var added: [AddedToken]
    var model: BytePairs
    var template: SpecialTokenTemplate
  }

  private let parts: Parts
  private let addedTokens: AddedTokenMatcher
  let vocabularySize: Int
  let typeCount: Int
  let classificationID: Int32
  let separatorID: Int32

  init(_ parts: Parts) throws {
    self.parts = parts
    // Nothing is normalized here, so both kinds of added tokens are matched in the original text; the library matches the
    // special ones first.
    addedTokens = AddedTokenMatcher(parts.added.map { ($0, Array($0.content.unicodeScalars)) })
    let ids = [parts.model.vocabulary.largestID, parts.template.largestID] + parts.added.map(\.id)
    vocabularySize = Int(ids.max() ?? 0) + 1
    typeCount = parts.template.typeCount
    (classificationID, separatorID) = try parts.template.ends(file: parts.file, expected: "<s> and </s>")
  }

  func token(of id: Int32) -> String? {
    parts.added.first { $0.id == id }?.content ?? parts.model.vocabulary.token(of: id)
  }

  func encode(_ text: String, pair: String?, maxLength: Int) -> Encoding {
    parts.template.assemble(ids(of: text), pair.map { ids(of: $0) }, maxLength: maxLength)
  }

  /// Returns a text's ids without surrounding special tokens.
  private func ids(of text: String) -> [Int32] {
    var ids: [Int32] = []
    let scalars = Array(text.unicodeScalars)
    addedTokens.forEachPart(of: scalars[...]) { id, range in
      if let id { return ids.append(id) }
      parts.words.forEach(of: scalars[range]) { parts.model.append($0, to: &ids) }
    }
    return ids
  }

  /// The settings as text, then merges and tokens, so that both kinds of files yield the same bytes.
  var identityBytes: [UInt8] {
    let added = parts.added.sorted { $0.id < $1.id }.map { "\($0)" }
    let head = ["byte pairs 1", "\(parts.words)", "\(parts.template)", parts.model.settings] + added
    return Array((head.joined(separator: "\n") + "\n").utf8) + parts.model.identityBytes
  }
}
