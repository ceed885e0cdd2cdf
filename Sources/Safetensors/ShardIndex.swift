import GraftSupport

/// A `model.safetensors.index.json`, which maps tensors to shards.
struct ShardIndex {
  /// The path of the index, for errors.
  let path: String
  /// The paths of the shards, relative to the index's folder and within it.
  let shardOfTensor: [String: String]

  /// Reads the index at `path`.
  ///
  /// - Throws: ``CheckpointError`` when it has no weight map or a path leads out of its folder, ``SafetensorsError`` when it is
  ///   too large, `JSONError` when it is not valid JSON, `FileError` when it cannot be read.
  init(path: String) throws {
    let file = try MappedFile(path: path)
    guard file.bytes.count <= SafetensorsHeader.lengthLimit else {
      throw SafetensorsError(
        path, .headerTooLong(limit: SafetensorsHeader.lengthLimit, got: UInt64(file.bytes.count)))
    }
    var shards: [String: String]?
    var reader = JSONReader(file.bytes, path: path)
    try withExtendedLifetime(file) {
      try reader.object { reader, key in
        guard key == "weight_map" else { return try reader.skipValue() }
        shards = try ShardIndex.weightMap(from: &reader)
      }
      reader.skipSpace()
      guard reader.next == nil else { throw reader.unexpected("the end of the file") }
    }
    guard let shards else { throw CheckpointError.noWeightMap(index: path) }
    self.path = path
    shardOfTensor = shards
  }

  private static func weightMap(from reader: inout JSONReader) throws -> [String: String] {
    var shards: [String: String] = [:]
    try reader.object { reader, tensor in
      let shard = try reader.string()
      guard staysInside(shard) else {
        throw CheckpointError.shardOutsideFolder(index: reader.path, shard: shard)
      }
      shards[tensor] = shard
    }
    return shards
  }

  /// Whether a relative path stays within its folder.
  ///
  /// Links are still followed, because Hugging Face's cache consists of links to files elsewhere.
  private static func staysInside(_ path: String) -> Bool {
    let steps = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    // The system would read the path only up to a zero byte.
    return path.utf8.allSatisfy { $0 != 0 }
      && steps.allSatisfy { !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) }
  }
}
