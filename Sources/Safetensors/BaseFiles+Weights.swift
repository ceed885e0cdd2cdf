public import GraftSupport

extension BaseFiles {
  /// The files that a folder's model and tokenizer are read from, as names within it: shards are found through the index.
  ///
  /// - Throws: `FileError` for one that is there but can't be read, ``CheckpointError`` for an index that can't be used.
  public static func present(in folder: String) throws -> [String] {
    var names = [configuration]
    if try fileExists("\(folder)/\(weights)") {
      names.append(weights)
    } else if try fileExists("\(folder)/\(shardIndex)") {
      names += try [shardIndex] + shards(of: "\(folder)/\(shardIndex)")
    }
    return try names + tokenizerFiles(in: folder)
  }

  /// The shards that an index names, each once, in the order of their names.
  ///
  /// - Throws: ``CheckpointError``, `JSONError`, or `FileError`; a name never leads out of the index's folder.
  public static func shards(of index: String) throws -> [String] {
    Set(try ShardIndex(path: index).shardOfTensor.values).sorted()
  }
}
