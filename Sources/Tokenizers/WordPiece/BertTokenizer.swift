/// BERT's tokenizer: added tokens are matched first, the rest is normalized and split into words, and words into tokens.
///
/// Devlin et al., 2019; its ids equal those of Hugging Face's `tokenizers` library.
struct BertTokenizer: Tokenizer {
  /// The components of the tokenizer, as described by its file.
  struct Parts {
    /// The file, for errors.
    let file: String
    var normalizer: BertNormalizer
    /// The normalizer of the added tokens.
    var addedNormalizer: BertNormalizer
    var added: [AddedToken]
    var model: WordPiece
    var template: SpecialTokenTemplate
  }

  private let parts: Parts
  private let rawTokens: AddedTokenMatcher
  private let normalizedTokens: AddedTokenMatcher
  let vocabularySize: Int
  let typeCount: Int
  let classificationID: Int32
  let separatorID: Int32

  init(_ parts: Parts) throws {
    self.parts = parts
    rawTokens = AddedTokenMatcher(
      parts.added.filter { !$0.definition.isNormalized }.map { ($0, Array($0.content.unicodeScalars)) })
    normalizedTokens = AddedTokenMatcher(
      parts.added.filter(\.definition.isNormalized).map {
        ($0, parts.addedNormalizer.normalize($0.content.unicodeScalars))
      })
    let ids = [parts.model.vocabulary.largestID, parts.template.largestID] + parts.added.map(\.id)
    vocabularySize = Int(ids.max() ?? 0) + 1
    typeCount = parts.template.typeCount
    (classificationID, separatorID) = try parts.template.ends(file: parts.file, expected: "[CLS] and [SEP]")
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
    rawTokens.forEachPart(of: scalars[...]) { id, range in
      if let id { return ids.append(id) }
      let normalized = parts.normalizer.normalize(scalars[range])
      normalizedTokens.forEachPart(of: normalized[...]) { id, range in
        if let id { return ids.append(id) }
        forEachWord(of: normalized[range]) { parts.model.append($0, to: &ids) }
      }
    }
    return ids
  }

  /// The settings as text, then each token after its id, so that both kinds of files yield the same bytes.
  var identityBytes: [UInt8] {
    var added = parts.added.sorted { $0.id < $1.id }.map { "\($0)" }
    if parts.addedNormalizer != parts.normalizer, parts.added.contains(where: \.definition.isNormalized) {
      added.append("added tokens: \(parts.addedNormalizer)")
    }
    let head = ["wordpiece 1", "\(parts.normalizer)", "\(parts.template)", parts.model.settings] + added
    return Array((head.joined(separator: "\n") + "\n").utf8) + parts.model.vocabulary.identityBytes
  }
}
