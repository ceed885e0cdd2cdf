public import GraftSupport

/// Why the weights in a Hugging Face folder cannot be used.
public enum CheckpointError: UserError, Equatable {
  /// There is no folder of that name.
  case noSuchFolder(String)
  /// The folder has no weights in a format that is known here.
  case noWeights(folder: String)
  /// The folder has weights as Python pickle alone.
  case pickle(folder: String, file: String)
  /// The index does not say which tensor is in which shard.
  case noWeightMap(index: String)
  /// The index names a shard by a path that leads out of the folder, or by none.
  case shardOutsideFolder(index: String, shard: String)
  /// The index names a shard that is not in the folder.
  case missingShard(index: String, shard: String)
  /// The index says that a tensor is in a shard where it is not.
  case notInShard(index: String, shard: String, tensor: String)

  /// One line: the place, what is wrong, and what to do next.
  public var description: String {
    switch self {
    case .noSuchFolder(let folder):
      "\(folder): no such folder, expected one with config.json and model.safetensors; check the path"
    case .noWeights(let folder):
      "\(folder): no weights, expected model.safetensors or model.safetensors.index.json; fetch the model's files again"
    case .pickle(let folder, let file):
      "\(folder): the weights are in \(file), which is pickle and never read, as it can run any program; expected "
        + "model.safetensors; if you trust the file, convert it in that folder: \(CheckpointError.conversion)"
    case .noWeightMap(let index):
      "\(index): no 'weight_map', expected an object from tensor names to shards; fetch the file again"
    case .shardOutsideFolder(let index, let shard):
      "\(index): the shard \(quoted(shard)) is not within the folder, expected the name of a file beside the index; "
        + "do not use this model"
    case .missingShard(let index, let shard):
      "\(index): the shard \(quoted(shard)) is missing, expected beside the index; fetch the model's files again"
    case .notInShard(let index, let shard, let tensor):
      "\(index): tensor \(quoted(tensor)) is expected in shard \(quoted(shard)) but not there; "
        + "fetch the model's files again, index and shards from one version"
    }
  }

  /// Loads the class that the configuration names, as `AutoModel` would drop the head.
  private static let conversion =
    #"python -c "import transformers as t; c = t.AutoConfig.from_pretrained('.'); "#
    + #"getattr(t, c.architectures[0]).from_pretrained('.').save_pretrained('.', safe_serialization=True)""#
}
