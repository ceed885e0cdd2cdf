/// The files of a base model in Hugging Face layout: the single list for fetching, copying, and hashing bases.
///
/// Shards have other names, which the index lists.
public enum BaseFiles {
  /// The model's configuration.
  public static let configuration = "config.json"
  /// The weights in a single file.
  public static let weights = "model.safetensors"
  /// The index that maps tensors to shards, for weights in several files.
  public static let shardIndex = "model.safetensors.index.json"
  /// All files that a tokenizer may consist of; no model has all of them.
  public static let tokenizer = [
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.txt",
    "vocab.json",
    "merges.txt",
  ]
  /// All file names of a base, except those of shards.
  static let all = [configuration, weights, shardIndex] + tokenizer
  /// The files of which a tokenizer needs at least one.
  public static let tokenizerEssentials = ["tokenizer.json", "vocab.txt", "merges.txt"]

  /// Returns the tokenizer files that exist in a folder.
  ///
  /// - Throws: `FileError` for a file that exists but cannot be read, such as a link without a target.
  public static func tokenizerFiles(in folder: String) throws -> [String] {
    try tokenizer.filter { try fileExists("\(folder)/\($0)") }
  }
}
