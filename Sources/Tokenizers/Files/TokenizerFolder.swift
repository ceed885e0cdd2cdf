import GraftSupport

/// The tokenizer of a model folder in Hugging Face layout, with notes for the user.
///
/// Every key of `tokenizer.json`, `vocab.txt`, `vocab.json`, `merges.txt`, `tokenizer_config.json`,
/// `special_tokens_map.json`, and `added_tokens.json` is honored or rejected. Where two files disagree, the file that
/// transformers 4.57 uses (`AutoTokenizer` with its fast tokenizers) takes precedence, and a note names it.
public struct TokenizerFolder: Sendable {
  /// The tokenizer.
  public let tokenizer: any Tokenizer
  /// Disagreements between files that affect ids, each with the file that was used.
  public let notes: [String]
  /// Unrecognized keys, with their files.
  public let unknownKeys: [String]

  /// Reads the folder: `tokenizer.json`, or else `vocab.txt`, or else `vocab.json` and `merges.txt`, with the settings files.
  ///
  /// - Parameters:
  ///   - folder: The folder.
  ///   - modelClass: The class in transformers if the files do not name one; `nil`: that of the `model_type` in `config.json`.
  ///   - modelHasTypes: Whether the model has token types. Otherwise the types that the tokenizer returns have no effect.
  /// - Throws: ``TokenizerError``, `JSONError`, or `FileError`, with the file and the cause.
  public init(_ folder: String, class modelClass: String? = nil, modelHasTypes: Bool = true) throws {
    let settings = try TokenizerSettings(folder: folder, modelClass: modelClass, modelHasTypes: modelHasTypes)
    var assembly = try TokenizerAssembly(settings)
    try assembly.assemble()
    tokenizer = try assembly.parts.makeTokenizer()
    notes = assembly.notes
    unknownKeys = settings.unknownKeys
  }
}

/// Returns the tokenizer of a folder in Hugging Face layout; see ``TokenizerFolder``.
///
/// - Throws: ``TokenizerError``, `JSONError`, or `FileError`, with the file and the cause.
public func loadTokenizer(folder: String) throws -> any Tokenizer { try TokenizerFolder(folder).tokenizer }
