import GraftSupport

/// Splits words into the longest tokens of the vocabulary, from left to right.
///
/// Schuster and Nakajima, 2012; the greedy form of Devlin et al., 2019.
struct WordPiece: Sendable {
  let vocabulary: Vocabulary
  private let unknownID: Int32
  /// The prefix of tokens that continue a word.
  private let continuation: [UInt8]
  private let continuationHash: Vocabulary.Hash
  /// The maximum word length in characters; a longer word becomes one unknown token.
  private let longestWord: Int

  /// Creates the model.
  ///
  /// - Throws: ``TokenizerError/missing(file:what:)`` when the unknown token is not in the vocabulary.
  init(
    vocabulary: Vocabulary, unknown: String = "[UNK]", continuation: String = "##", longestWord: Int = 100, file: String
  ) throws {
    guard let unknownID = vocabulary.id(of: unknown) else {
      throw TokenizerError.missing(file: file, what: "the unknown token \(quoted(unknown))")
    }
    self.vocabulary = vocabulary
    self.unknownID = unknownID
    self.longestWord = longestWord
    self.continuation = Array(continuation.utf8)
    continuationHash = self.continuation.reduce(Vocabulary.Hash()) { $0.adding($1) }
  }

  /// Everything except the vocabulary that affects the tokens.
  var settings: String { "\(unknownID) \(String(decoding: continuation, as: UTF8.self)) \(longestWord)" }

  /// Appends the ids of one word's tokens, or the unknown token when the vocabulary cannot represent the word.
  func append(_ word: ArraySlice<Unicode.Scalar>, to ids: inout [Int32]) {
    guard word.count <= longestWord else { return ids.append(unknownID) }
    let before = ids.count
    let bytes = Array(String(String.UnicodeScalarView(word)).utf8)
    var start = 0
    while start < bytes.count {
      guard let token = longestToken(of: bytes, from: start) else {
        ids.removeSubrange(before...)
        return ids.append(unknownID)
      }
      ids.append(token.id)
      start = token.end
    }
  }

  /// Returns the longest token that begins at `start` and ends at a character boundary.
  private func longestToken(of word: [UInt8], from start: Int) -> (id: Int32, end: Int)? {
    let prefix = start == 0 ? [] : continuation
    var hash = start == 0 ? Vocabulary.Hash() : continuationHash
    var longest: (id: Int32, end: Int)?
    for end in start + 1...word.count {
      hash = hash.adding(word[end - 1])
      let endsCharacter = end == word.count || word[end] & 0xC0 != 0x80
      if endsCharacter, let id = vocabulary.id(of: prefix, word[start..<end], hash: hash) { longest = (id, end) }
      if end - start + prefix.count >= vocabulary.longestToken { break }
    }
    return longest
  }
}
