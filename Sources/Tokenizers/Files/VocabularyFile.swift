import GraftSupport

/// BERT's tokenizer from a `vocab.txt`, a token a line, with the switches that `tokenizer_config.json` may have beside it.
///
/// - Throws: ``TokenizerError`` when a special token is missing, `FileError` or `JSONError` for the files themselves.
func bertParts(vocabulary path: String, settings: String) throws -> BertTokenizer.Parts {
  let vocabulary = try readVocabulary(path)
  let switches = try BertSwitches(path: settings)
  let specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].compactMap { name in
    vocabulary.id(of: name).map { AddedToken(id: $0, content: name) }
  }
  func id(_ name: String) throws -> Int32 {
    guard let token = specials.first(where: { $0.content == name }) else {
      throw TokenizerError.missing(file: path, what: "the token \(name)")
    }
    return token.id
  }
  return BertTokenizer.Parts(
    file: path,
    normalizer: BertNormalizer(
      isolatesChinese: switches.isolatesChinese, stripsAccents: switches.stripsAccents ?? switches.lowersCase,
      lowersCase: switches.lowersCase),
    added: specials, model: try WordPiece(vocabulary: vocabulary, file: path),
    template: .bert(classification: try id("[CLS]"), separator: try id("[SEP]")))
}

/// Ids are line numbers from 0; white space at the end of a line does not count, as in the library.
private func readVocabulary(_ path: String) throws -> Vocabulary {
  let file = try MappedFile(path: path)
  var vocabulary = Vocabulary()
  var lines = file.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  if lines.last?.isEmpty == true { lines.removeLast() }
  guard lines.count < 1 << 24 else {
    throw TokenizerError.invalid(file: path, reason: "it has \(lines.count) lines, expected fewer than \(1 << 24)")
  }
  for (number, line) in lines.enumerated() {
    guard let text = String(validating: line, as: UTF8.self) else {
      throw TokenizerError.invalid(file: path, reason: "line \(number + 1) is not UTF-8")
    }
    let scalars = text.unicodeScalars
    let end = scalars.lastIndex { !$0.properties.isWhitespace }.map(scalars.index(after:)) ?? scalars.startIndex
    vocabulary.add(String(scalars[..<end]), id: Int32(number))
  }
  return vocabulary
}

/// The switches of `tokenizer_config.json`; without the file those of an uncased model.
private struct BertSwitches {
  var lowersCase = true
  var stripsAccents: Bool?
  var isolatesChinese = true

  init(path: String) throws {
    guard FileIdentity(path: path) != nil else { return }
    let file = try MappedFile(path: path)
    try withExtendedLifetime(file) {
      var reader = JSONReader(file.bytes, path: path)
      try reader.object { reader, key in
        switch key {
        case "do_lower_case": if try !reader.takeNull() { lowersCase = try reader.boolean() }
        case "strip_accents": stripsAccents = try reader.takeNull() ? nil : try reader.boolean()
        case "tokenize_chinese_chars": if try !reader.takeNull() { isolatesChinese = try reader.boolean() }
        default: try reader.skipValue()
        }
      }
    }
  }
}
