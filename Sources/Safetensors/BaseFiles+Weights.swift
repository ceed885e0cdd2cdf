public import GraftSupport

extension BaseFiles {
  /// Returns the names of the model and tokenizer files that exist in a folder, including shards listed in the index.
  ///
  /// - Throws: `FileError` for a file that exists but cannot be read, ``/GraftSafetensors/CheckpointError`` for an unusable index.
  public static func present(in folder: String) throws -> [String] {
    var names = [configuration]
    if try fileExists("\(folder)/\(weights)") {
      names.append(weights)
    } else if try fileExists("\(folder)/\(shardIndex)") {
      names += try [shardIndex] + shards(of: "\(folder)/\(shardIndex)")
    }
    return try names + tokenizerFiles(in: folder)
  }

  /// Returns the shards that an index names, sorted and without duplicates.
  ///
  /// - Throws: ``/GraftSafetensors/CheckpointError``, `JSONError`, or `FileError`; a name never leads out of the index's folder.
  public static func shards(of index: String) throws -> [String] {
    Set(try ShardIndex(path: index).shardOfTensor.values).sorted()
  }
}
