import GraftSupport

/// The tokenizer of a model's folder in Hugging Face layout, with what a user should know about it.
///
/// Every key of `tokenizer.json`, `vocab.txt`, `vocab.json`, `merges.txt`, `tokenizer_config.json`, `special_tokens_map.json` and
/// `added_tokens.json` is honored or rejected; where two files disagree, the same one is used as by transformers 4.57 (`AutoTokenizer`
/// with its fast tokenizers), and a note says which.
public struct TokenizerFolder: Sendable {
  /// Text to ids.
  public let tokenizer: any Tokenizer
  /// Where files disagree in something that matters: which one was used.
  public let notes: [String]
  /// Keys that are not known, and the files that have them.
  public let unknownKeys: [String]

  /// Reads the folder: `tokenizer.json`, or else `vocab.txt`, or else `vocab.json` and `merges.txt`, with the settings next to it.
  ///
  /// - Throws: ``TokenizerError``, `JSONError` or `FileError` that names the file and what is wrong in it.
  public init(_ folder: String) throws {
    let settings = try TokenizerSettings(folder: folder)
    var assembly = try TokenizerAssembly(settings)
    try assembly.assemble()
    tokenizer = try assembly.parts.makeTokenizer()
    notes = assembly.notes
    unknownKeys = settings.unknownKeys
  }
}

/// Reads the tokenizer of a folder in Hugging Face layout, as ``TokenizerFolder`` does.
///
/// - Throws: ``TokenizerError``, `JSONError` or `FileError` that names the file and what is wrong in it.
public func loadTokenizer(folder: String) throws -> any Tokenizer { try TokenizerFolder(folder).tokenizer }
