import Foundation
import GraftSupport
import GraftTensorBoard

/// What a run has left in a folder where another one begins.
///
/// A finished run goes to the folder `previous` within, and only a finished run ever replaces what is there. One that was
/// interrupted or failed after it had written an adapter goes to `previous-unfinished` likewise. What a run without an
/// adapter has left is removed. So any number of runs may be killed and the last good adapter is still there.
///
/// Each file is put into its new place before it leaves the old one, the adapter first to go: whenever the program is
/// killed, the next run finds either everything still in the run's folder and starts over, or no adapter and a complete
/// copy.
struct EarlierRun {
  /// Where earlier runs are kept, in a run's folder, the last finished one first.
  static let places = ["previous", "previous-unfinished"]
  /// What an event file is called there, where TensorBoard must not take it for a run.
  private static let eventsName = "events.previous"

  private let folder: String
  /// The files, by their names here.
  private let names: [String]

  /// Looks for files of a run; `nil` when there are none.
  ///
  /// - Throws: `FileError` when something of such a name is not a file: it is not touched, and neither is the rest.
  init?(in folder: String) throws {
    self.folder = folder
    let all: [String]
    do { all = try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } catch {
      throw FileError("cannot read", folder, reason: "its files can't be listed")
    }
    names = all.filter { RunFolder.names.contains($0) || $0.hasPrefix(EventFile.namePrefix) }
    for name in names { try Self.require(S_IFREG, "\(folder)/\(name)", expected: "a file") }
    if names.isEmpty { return nil }
  }

  /// Clears the folder: see above.
  func moveAside() throws {
    if names.contains(RunFolder.adapterName) {
      let isFinished = !names.contains(RunFolder.unfinishedName)
      try copy(to: "\(folder)/\(Self.places[isFinished ? 0 : 1])")
    }
    for name in [RunFolder.adapterName] + names.filter({ $0 != RunFolder.adapterName }) where names.contains(name) {
      guard unlink("\(folder)/\(name)") == 0 else {
        throw FileError.fromErrno("cannot remove", "\(folder)/\(name)")
      }
    }
  }

  /// Puts all files into a folder, in place of those of the run that it holds; what else is there stays.
  private func copy(to place: String) throws {
    if lstatKind(place) != nil { try Self.require(S_IFDIR, place, expected: "a folder") }
    try makeFolder(place)
    removeLeftovers(in: place)
    let moved = names.map { (from: $0, to: $0.hasPrefix(EventFile.namePrefix) ? Self.eventsName : $0) }
    for name in RunFolder.names + [Self.eventsName] where !moved.contains(where: { $0.to == name }) {
      guard unlink("\(place)/\(name)") == 0 || errno == ENOENT else {
        throw FileError.fromErrno("cannot remove", "\(place)/\(name)")
      }
    }
    for (from, to) in moved { try copyAtomically("\(folder)/\(from)", to: "\(place)/\(to)") }
    try flushFolder(place)
  }

  private static func require(_ kind: mode_t, _ path: String, expected: String) throws {
    guard let found = lstatKind(path), found != kind else { return }
    throw FileError(
      "cannot write", path,
      reason: "it is not \(expected) (a link is none either), so it is not touched; name another folder")
  }
}

/// What kind of thing a path itself is; a link is a link, and `nil` stands for nothing.
private func lstatKind(_ path: String) -> mode_t? {
  var status = stat()
  return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
}
