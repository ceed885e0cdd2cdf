import GraftSupport

/// Reads the tokenizer of a folder in Hugging Face layout: from `tokenizer.json`, or else from `vocab.txt`.
///
/// - Throws: ``TokenizerError``, `JSONError` or `FileError` that names the file and what is wrong in it.
public func loadTokenizer(folder: String) throws -> any Tokenizer {
  let (whole, vocabulary) = ("\(folder)/tokenizer.json", "\(folder)/vocab.txt")
  if FileIdentity(path: whole) != nil {
    return try BertTokenizer(TokenizerFile(path: whole).parts)
  } else if FileIdentity(path: vocabulary) != nil {
    return try BertTokenizer(bertParts(vocabulary: vocabulary, settings: "\(folder)/tokenizer_config.json"))
  }
  throw TokenizerError.noTokenizer(folder: folder)
}
