public import GraftSupport

/// A reason why the weights in a Hugging Face folder cannot be used.
public enum CheckpointError: UserError, Equatable {
  /// The folder does not exist.
  case noSuchFolder(String)
  /// The folder has no weights in a supported format.
  case noWeights(folder: String)
  /// The folder has weights only as a Python pickle.
  case pickle(folder: String, file: String)
  /// The index has no map from tensors to shards.
  case noWeightMap(index: String)
  /// The index names a shard by an empty path or one that leads out of the folder.
  case shardOutsideFolder(index: String, shard: String)
  /// The index names a shard that does not exist in the folder.
  case missingShard(index: String, shard: String)
  /// The index assigns a tensor to a shard that does not contain it.
  case notInShard(index: String, shard: String, tensor: String)

  /// One line: the place, what is wrong, and what to do next.
  public var description: String {
    switch self {
    case .noSuchFolder(let folder):
      "\(folder): no such folder, expected one with config.json and model.safetensors; check the path"
    case .noWeights(let folder):
      "\(folder): no weights, expected model.safetensors or model.safetensors.index.json; fetch the model's files again"
    case .pickle(let folder, let file):
      "\(folder): the weights are in \(file), a pickle, which is never read because it can run arbitrary code; expected "
        + "model.safetensors; if you trust the file, convert it in that folder: \(CheckpointError.conversion)"
    case .noWeightMap(let index):
      "\(index): no 'weight_map', expected an object that maps tensor names to shards; fetch the file again"
    case .shardOutsideFolder(let index, let shard):
      "\(index): the shard \(quoted(shard)) is outside the folder, expected the name of a file next to the index; "
        + "do not use this model"
    case .missingShard(let index, let shard):
      "\(index): the shard \(quoted(shard)) is missing, expected next to the index; fetch the model's files again"
    case .notInShard(let index, let shard, let tensor):
      "\(index): tensor \(quoted(tensor)) is not in shard \(quoted(shard)), where the index places it; "
        + "fetch the model's files again, index and shards from one version"
    }
  }

  /// Loads the class named in the configuration, because `AutoModel` would drop the head.
  private static let conversion =
    #"python -c "import transformers as t; c = t.AutoConfig.from_pretrained('.'); "#
    + #"getattr(t, c.architectures[0]).from_pretrained('.').save_pretrained('.', safe_serialization=True)""#
}
