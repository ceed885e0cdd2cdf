import GraftSupport

/// A `model.safetensors.index.json`: which tensor is in which shard.
struct ShardIndex {
  /// The index's own path, for errors.
  let path: String
  /// The shards' paths, relative to the index's folder and within it.
  let shardOfTensor: [String: String]

  /// Reads the index at `path`.
  ///
  /// - Throws: ``CheckpointError`` when it has no weight map or leads out of its folder, ``SafetensorsError`` when it is
  ///   not the JSON that it should be, ``FileError`` when it cannot be read.
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

  /// Whether a relative path cannot lead out of its folder.
  ///
  /// Links are followed nevertheless: Hugging Face's cache is made of links to files elsewhere.
  private static func staysInside(_ path: String) -> Bool {
    let steps = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    // A zero byte would end the path early where the system reads it.
    return path.utf8.allSatisfy { $0 != 0 }
      && steps.allSatisfy { !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) }
  }
}
