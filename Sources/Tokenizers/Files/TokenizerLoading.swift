import GraftSupport

/// Reads the tokenizer of a folder in Hugging Face layout: from `tokenizer.json`, or else from `vocab.txt`, or
/// from `vocab.json` and `merges.txt`.
///
/// - Throws: ``TokenizerError``, `JSONError` or `FileError` that names the file and what is wrong in it.
public func loadTokenizer(folder: String) throws -> any Tokenizer {
  let (whole, vocabulary) = ("\(folder)/tokenizer.json", "\(folder)/vocab.txt")
  if FileIdentity(path: whole) != nil {
    return try TokenizerFile(path: whole).tokenizer
  } else if FileIdentity(path: vocabulary) != nil {
    return try BertTokenizer(bertParts(vocabulary: vocabulary, settings: "\(folder)/tokenizer_config.json"))
  }
  if FileIdentity(path: "\(folder)/vocab.json") != nil {
    return try ByteLevelTokenizer(byteLevelParts(folder: folder))
  }
  throw TokenizerError.noTokenizer(folder: folder)
}
