import Foundation

/// Writes a folder so that it is complete or not there: it grows beside its place, under a name of its own, and is renamed.
///
/// - Parameters:
///   - path: Where it appears; nothing may be there.
///   - fill: Puts everything into the folder that it is given.
/// - Throws: ``FileError``, or what `fill` throws; nothing is left then.
public func writeFolderAtomically<Result>(_ path: String, _ fill: (_ staging: String) throws -> Result) throws -> Result
{
  guard !path.isEmpty else { throw FileError("cannot write", "''", reason: "it is no folder's name") }
  let place = URL(fileURLWithPath: path).standardizedFileURL
  var status = stat()
  guard lstat(place.path, &status) != 0 else {
    throw FileError("cannot write", path, reason: "something of that name is there; name another folder")
  }
  let parent = place.deletingLastPathComponent().path
  try makeFolder(parent)
  // Its name says whose it is: what an attempt has left that was killed is cleared away.
  let staging = "\(parent)/.\(place.lastPathComponent).graft-partial"
  try makeFolder(staging)
  let lock = try FolderLock(staging)
  defer { withExtendedLifetime(lock) {} }
  do {
    for old in try FileManager.default.contentsOfDirectory(atPath: staging) {
      try FileManager.default.removeItem(atPath: "\(staging)/\(old)")
    }
    let result = try fill(staging)
    guard rename(staging, place.path) == 0 else { throw FileError.fromErrno("cannot write", path) }
    return result
  } catch {
    try? FileManager.default.removeItem(atPath: staging)
    throw error
  }
}
