public import GraftSupport

/// The reason why adapters can't be applied to a base on disk, or removed from it.
public enum PatchError: UserError, Equatable {
  /// No adapter was given.
  case noAdapters
  /// An adapter's name is not a valid file name.
  case badName(String, file: String)
  /// Two adapters have the same name.
  case sameName(String)
  /// The last adapter's head has a structure that no transformers class for this base has.
  case unsupportedHead(adapter: String, architecture: String)
  /// A merged value is out of range for the base's type.
  case overflow(tensor: String, type: String)
  /// A shard contains a tensor that the index does not list for it.
  case unlisted(file: String, tensor: String)
  /// The folder has no undo record.
  case noRecord(folder: String)
  /// The record can't be read.
  case badRecord(file: String, reason: String)
  /// A newer version of the program wrote the record.
  case newerRecord(file: String, version: Int, known: Int)
  /// A file has changed since the adapters were applied.
  case changed(file: String, expected: String, got: String)
  /// A file of the merged folder is missing.
  case missing(file: String)
  /// The folder contains no adapter of that name.
  case notApplied(String, folder: String, known: [String])

  /// One line: what is wrong and what to do next.
  public var description: String {
    switch self {
    case .noAdapters: "no adapter to apply; name at least one file with --adapter"
    case .badName(let name, let file):
      "\(file): the adapter's name would be \(quoted(name)), which is not a valid file name; rename the file or "
        + "its folder"
    case .sameName(let name):
      "two adapters have the name \(quoted(name)), which identifies them for removal; rename one of the files or "
        + "folders"
    case .unsupportedHead(let adapter, let architecture):
      "\(quoted(adapter)): the adapter's head has a structure that \(architecture) does not support, so it can't "
        + "be merged; attach the adapter instead"
    case .overflow(let tensor, let type):
      "\(quoted(tensor)): the merged values are out of range for \(type), the base's type; attach the adapter instead"
    case .unlisted(let file, let tensor):
      "\(file): the index of the shards does not list the tensor \(quoted(tensor)) for this file; repair the index, "
        + "or merge the shards into one file"
    case .noRecord(let folder):
      "\(folder): no undo record (graft-undo/record.json), so no adapter can be removed; expected a folder that "
        + "'graft apply' wrote"
    case .badRecord(let file, let reason): "\(file): the undo record is invalid: \(reason)"
    case .newerRecord(let file, let version, let known):
      "\(file): the undo record has format \(version), this program reads format \(known); update graft"
    case .changed(let file, let expected, let got):
      "\(file): SHA-256 \(got.prefix(12))…, expected \(expected.prefix(12))…: the file has changed since "
        + "'graft apply'; apply the adapters again"
    case .missing(let file): "\(file): the file, which 'graft apply' wrote, is missing; apply the adapters again"
    case .notApplied(let name, let folder, let known):
      "\(folder): no adapter named \(quoted(name)) was applied\(didYouMean(name, in: known)); the folder has "
        + known.map(quoted).joined(separator: ", ")
    }
  }
}
