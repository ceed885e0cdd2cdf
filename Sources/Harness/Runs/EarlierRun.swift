import Foundation
import GraftAdapterFiles
import GraftSupport
import GraftTensorBoard

/// The files that an earlier run left in the folder of a new run.
///
/// A finished run moves to the subfolder `previous`, whose contents are only ever replaced by a finished run. A run that was
/// interrupted or failed after writing an adapter moves to `previous-unfinished` in the same way. The files of a run without
/// an adapter are deleted. The last good adapter therefore survives any number of killed runs.
///
/// All files are copied before any is deleted, and the adapter is deleted first. Whenever the program is killed, the next run
/// finds either all files in the run's folder, and starts over, or no adapter and a complete copy.
struct EarlierRun {
  /// The subfolders of a run's folder for earlier runs: the last finished one, and the last unfinished one.
  static let subfolders = AdapterFile.earlierRuns
  /// The name of the event file in a subfolder; it must not look like a run to TensorBoard.
  private static let eventsName = "events.previous"

  private let folder: String
  /// The names of the earlier run's files.
  private let names: [String]

  /// Finds the files of an earlier run; `nil` if there are none.
  ///
  /// - Throws: `FileError` when something with the name of a run's file is not a regular file. Nothing is changed then.
  init?(in folder: String) throws {
    self.folder = folder
    let contents: [String]
    do { contents = try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } catch {
      throw FileError("cannot read", folder, reason: "its files cannot be listed")
    }
    names = contents.filter { RunFolder.names.contains($0) || $0.hasPrefix(EventFile.namePrefix) }
    for name in names { try Self.require(S_IFREG, "\(folder)/\(name)", expected: "a file") }
    if names.isEmpty { return nil }
  }

  /// Moves or deletes the files, as described above.
  func moveAside() throws {
    if names.contains(RunFolder.adapterName) {
      let isFinished = !names.contains(RunFolder.unfinishedName)
      try copy(to: "\(folder)/\(Self.subfolders[isFinished ? 0 : 1])")
    }
    for name in [RunFolder.adapterName] + names.filter({ $0 != RunFolder.adapterName }) where names.contains(name) {
      guard unlink("\(folder)/\(name)") == 0 else {
        throw FileError.fromErrno("cannot remove", "\(folder)/\(name)")
      }
    }
  }

  /// Copies all files to a subfolder, replacing the files of the run there. Other files in it are kept.
  private func copy(to subfolder: String) throws {
    if lstatKind(subfolder) != nil { try Self.require(S_IFDIR, subfolder, expected: "a folder") }
    try makeFolder(subfolder)
    removeLeftovers(in: subfolder)
    let copies = names.map { (from: $0, to: $0.hasPrefix(EventFile.namePrefix) ? Self.eventsName : $0) }
    for name in RunFolder.names + [Self.eventsName] where !copies.contains(where: { $0.to == name }) {
      guard unlink("\(subfolder)/\(name)") == 0 || errno == ENOENT else {
        throw FileError.fromErrno("cannot remove", "\(subfolder)/\(name)")
      }
    }
    for (from, to) in copies { try copyAtomically("\(folder)/\(from)", to: "\(subfolder)/\(to)") }
    try flushFolder(subfolder)
  }

  private static func require(_ kind: mode_t, _ path: String, expected: String) throws {
    guard let actual = lstatKind(path), actual != kind else { return }
    throw FileError(
      "cannot write", path,
      reason:
        "expected \(expected), not a link or another kind of file; nothing was changed; "
        + "choose another output folder")
  }
}

/// Returns the file type of a path without following links; `nil` if it does not exist.
private func lstatKind(_ path: String) -> mode_t? {
  var status = stat()
  return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
}
