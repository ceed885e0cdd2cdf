public import GraftSupport

/// Why adapters can't be applied on disk, or not taken out again.
public enum PatchError: UserError, Equatable {
  /// No adapter was named.
  case noAdapters
  /// An adapter's name can't be a file's.
  case badName(String, file: String)
  /// Two adapters have one name.
  case sameName(String)
  /// The adapter that would answer has a head that no class of transformers for this base has.
  case ownHead(adapter: String, architecture: String)
  /// A value does not fit into the base's type.
  case overflow(tensor: String, type: String)
  /// A shard has a tensor that the index does not name there.
  case unlisted(file: String, tensor: String)
  /// The folder has no undo record.
  case noRecord(folder: String)
  /// The record can't be read.
  case badRecord(file: String, reason: String)
  /// The record was written by a newer program.
  case newerRecord(file: String, version: Int, known: Int)
  /// A file is not what it was when the adapters were applied.
  case changed(file: String, expected: String, got: String)
  /// A file of the merged folder is gone.
  case gone(file: String)
  /// No adapter of that name was applied.
  case notApplied(String, folder: String, known: [String])

  /// One line: what is wrong and what to do.
  public var description: String {
    switch self {
    case .noAdapters: "no adapter to apply; name at least one file with --adapter"
    case .badName(let name, let file):
      "\(file): the adapter would be called \(quoted(name)), which can't be a file's name; rename the file or its folder"
    case .sameName(let name):
      "two adapters are called \(quoted(name)), by which they are taken out again; rename one of the files or folders"
    case .ownHead(let adapter, let architecture):
      "\(quoted(adapter)): its head has a structure of its own, which \(architecture) does not have, so the merged folder could "
        + "not answer as it does; use the adapter attached"
    case .overflow(let tensor, let type):
      "\(quoted(tensor)) does not fit into \(type), the base's type, once the adapter is in it; use the adapter attached"
    case .unlisted(let file, let tensor):
      "\(file): the tensor \(quoted(tensor)) is not where the shards' index says; repair the index, or make one file of the shards"
    case .noRecord(let folder):
      "\(folder): no undo record (graft-undo/record.json), so nothing can be taken out; only what 'graft apply' wrote has one"
    case .badRecord(let file, let reason): "\(file): the undo record can't be read: \(reason)"
    case .newerRecord(let file, let version, let known):
      "\(file): the undo record has format \(version), this program reads format \(known); update graft"
    case .changed(let file, let expected, let got):
      "\(file): SHA-256 \(got.prefix(12))…, expected \(expected.prefix(12))…: it is not what 'graft apply' wrote or read; "
        + "apply the adapters again"
    case .gone(let file): "\(file): the file is gone, which 'graft apply' wrote; apply the adapters again"
    case .notApplied(let name, let folder, let known):
      "\(folder): no adapter \(quoted(name)) in it\(didYouMean(name, in: known)); there are "
        + known.map(quoted).joined(separator: ", ")
    }
  }
}
