import GraftSupport

/// The tensors of a model in a Hugging Face folder: one `model.safetensors`, or shards listed in an index.
public struct Checkpoint: Sendable {
  /// The files, without duplicates; shards are sorted by name.
  public let files: [SafetensorsFile]
  /// The path of the shard index, if there is one.
  public let indexPath: String?
  private let tensors: [String: Location]

  /// A tensor and its file.
  public struct Location: Sendable {
    /// The file that contains the tensor.
    public let file: SafetensorsFile
    /// The tensor's description.
    public let entry: TensorEntry
  }

  /// Opens `model.safetensors`, or else all shards of `model.safetensors.index.json`. No tensor is read yet.
  ///
  /// Only the tensors that the index names are available, each from the shard that the index assigns it to.
  ///
  /// - Throws: ``CheckpointError`` when the folder has neither file, or when the index and shards do not match;
  ///   ``SafetensorsError`` or `FileError` when a file is invalid or unreadable.
  public init(folder: String) throws {
    let single = join(folder, BaseFiles.weights)
    let index = join(folder, BaseFiles.shardIndex)
    if try fileExists(single) {
      let file = try SafetensorsFile(path: single)
      files = [file]
      indexPath = nil
      tensors = Dictionary(uniqueKeysWithValues: file.entries.map { ($0.name, Location(file: file, entry: $0)) })
    } else if try fileExists(index) {
      let shards = try ShardIndex(path: index)
      indexPath = index
      let opened = try Checkpoint.open(shards, in: folder)
      files = opened.sorted { $0.key < $1.key }.map(\.value)
      tensors = try Checkpoint.locate(shards, in: opened)
    } else {
      throw try Checkpoint.nothingToRead(in: folder)
    }
  }

  /// The names of all tensors, in no particular order.
  public var names: some Sequence<String> { tensors.keys }

  /// The tensor with this name, if there is one.
  public subscript(name: String) -> Location? { tensors[name] }

  private static func open(_ index: ShardIndex, in folder: String) throws -> [String: SafetensorsFile] {
    var files: [String: SafetensorsFile] = [:]
    for shard in index.shardOfTensor.values where files[shard] == nil {
      let path = join(folder, shard)
      guard try fileExists(path) else {
        throw CheckpointError.missingShard(index: index.path, shard: shard)
      }
      files[shard] = try SafetensorsFile(path: path)
    }
    return files
  }

  private static func locate(
    _ index: ShardIndex, in files: [String: SafetensorsFile]
  ) throws -> [String: Location] {
    var tensors: [String: Location] = [:]
    for (name, shard) in index.shardOfTensor {
      guard let file = files[shard], let entry = file[name] else {
        throw CheckpointError.notInShard(index: index.path, shard: shard, tensor: name)
      }
      tensors[name] = Location(file: file, entry: entry)
    }
    return tensors
  }

  private static func nothingToRead(in folder: String) throws -> CheckpointError {
    guard try fileExists(folder) else { return .noSuchFolder(folder) }
    let pickles = ["pytorch_model.bin", "pytorch_model.bin.index.json"]
    let pickle = try pickles.first { try fileExists(join(folder, $0)) }
    return pickle.map { .pickle(folder: folder, file: $0) } ?? .noWeights(folder: folder)
  }
}

private func join(_ folder: String, _ name: String) -> String {
  folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
}
