/// The files of a base model in Hugging Face layout: the one list for fetching, copying, and telling bases apart.
///
/// Shards have other names; they are listed in the index.
public enum BaseFiles {
  /// The model's numbers.
  public static let configuration = "config.json"
  /// The weights in one file.
  public static let weights = "model.safetensors"
  /// Which tensor is in which shard, where the weights are not in one file.
  public static let shardIndex = "model.safetensors.index.json"
  /// All that a tokenizer may be made of; no model has all of them.
  public static let tokenizer = [
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.txt",
    "vocab.json",
    "merges.txt",
  ]
  /// All names that a file of a base can have, shards aside.
  static let all = [configuration, weights, shardIndex] + tokenizer
  /// Without one of these there is no tokenizer.
  public static let tokenizerEssentials = ["tokenizer.json", "vocab.txt", "merges.txt"]

  /// The files of a tokenizer that a folder has.
  ///
  /// - Throws: `FileError` for one that is there but can't be read, such as a link to nothing.
  public static func tokenizerFiles(in folder: String) throws -> [String] {
    try tokenizer.filter { try fileExists("\(folder)/\($0)") }
  }
}
