import GraftSupport

/// Reads BERT's tokenizer from a `vocab.txt` with one token per line.
///
/// - Throws: ``TokenizerError`` when the vocabulary lacks a special token, `FileError` when the file cannot be read.
func wordPieceParts(
  vocabulary path: String, _ settings: TokenizerSettings, _ tokenizerClass: TokenizerClass
) throws -> TokenizerParts {
  let vocabulary = try readVocabulary(path)
  func special(_ role: String) throws -> (name: String, id: Int32) {
    try settings.special(role, of: tokenizerClass, in: vocabulary, file: path)
  }
  let model = try WordPiece(vocabulary: vocabulary, unknown: try special("unk_token").name, file: path)
  let first = try special("cls_token").id
  let separator = try special("sep_token").id
  return TokenizerParts(
    file: path, words: .wordPiece(BertNormalizer(), model),
    template: tokenizerClass.doublesSeparator
      ? .roBERTa(classification: first, separator: separator) : .bert(classification: first, separator: separator))
}

extension TokenizerSettings {
  /// Returns a special token that the encoding needs; the vocabulary must contain it.
  ///
  /// - Throws: ``TokenizerError/missingSpecial(file:role:name:named:)``.
  func special(
    _ role: String, of tokenizerClass: TokenizerClass, in vocabulary: Vocabulary, file: String
  ) throws -> (name: String, id: Int32) {
    let name = specials[role]?.token.content ?? tokenizerClass.specials[role]?.content ?? ""
    guard let id = vocabulary.id(of: name) else {
      throw TokenizerError.missingSpecial(file: file, role: role, name: name, named: specials[role]?.file)
    }
    return (name, id)
  }
}

/// Reads a vocabulary; ids are line numbers from 0. Lines end as in Python's text files: with LF, CR, or CR LF.
func readVocabulary(_ path: String) throws -> Vocabulary {
  let file = try MappedFile(path: path)
  var vocabulary = Vocabulary()
  var number = 0
  var start = 0
  func isEnd(_ position: Int) -> Bool {
    file.bytes[position] == UInt8(ascii: "\n") || file.bytes[position] == UInt8(ascii: "\r")
  }
  while start < file.bytes.count {
    var end = start
    while end < file.bytes.count, !isEnd(end) { end += 1 }
    guard let text = String(validating: file.bytes[start..<end], as: UTF8.self) else {
      throw TokenizerError.invalid(file: path, reason: "line \(number + 1) is not valid UTF-8; is it a vocabulary?")
    }
    guard number < 1 << 24 else {
      throw TokenizerError.invalid(file: path, reason: "it has \(1 << 24) lines or more; is it a vocabulary?")
    }
    vocabulary.add(text, id: Int32(number))
    number += 1
    let isPair =
      end + 1 < file.bytes.count && file.bytes[end] == UInt8(ascii: "\r") && file.bytes[end + 1] == UInt8(ascii: "\n")
    start = end + (isPair ? 2 : 1)
  }
  return withExtendedLifetime(file) { vocabulary }
}
