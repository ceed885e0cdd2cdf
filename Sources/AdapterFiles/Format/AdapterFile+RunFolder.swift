import GraftSupport

extension AdapterFile {
  /// The name of the adapter file in the folder of a run.
  public static let defaultName = "adapter.safetensors.zst"
  /// The subfolders of a run's folder for earlier runs: the last finished one, and the last unfinished one.
  package static let earlierRuns = ["previous", "previous-unfinished"]

  /// Returns the path of the adapter file in a run's folder.
  ///
  /// - Throws: ``AdapterFileError/noAdapter(folder:earlier:)``, which names an earlier run's adapter if there is one, or
  ///   `FileError` when the file exists but cannot be read.
  package static func path(inRunFolder folder: String) throws -> String {
    let path = "\(folder)/\(defaultName)"
    if try fileExists(path) { return path }
    let earlier = earlierRuns.map { "\(folder)/\($0)" }.first { FileIdentity(path: "\($0)/\(defaultName)") != nil }
    throw AdapterFileError.noAdapter(folder: folder, earlier: earlier)
  }
}
