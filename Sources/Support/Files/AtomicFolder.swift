import Foundation

/// Writes a folder so that it is complete or not there: it grows beside its place, under a name of its own, and is renamed.
///
/// - Parameters:
///   - path: Where it appears; nothing but an empty folder may be there.
///   - fill: Puts everything into the folder that it is given.
/// - Throws: ``FileError``, or what `fill` throws; nothing is left then.
public func writeFolderAtomically<Result>(_ path: String, _ fill: (_ staging: String) throws -> Result) throws -> Result
{
  let place = URL(fileURLWithPath: path).standardizedFileURL
  if let old = try? FileManager.default.contentsOfDirectory(atPath: place.path), !old.isEmpty {
    throw FileError("cannot write", path, reason: "the folder is not empty; name another one")
  }
  guard FileIdentity(path: place.path) == nil || isFolder(place.path) else {
    throw FileError("cannot write", path, reason: "a file of that name is there; name another folder")
  }
  let parent = place.deletingLastPathComponent().path
  try makeFolder(parent)
  let staging = "\(parent)/.\(place.lastPathComponent).partial"
  try makeFolder(staging)
  let lock = try FolderLock(staging)
  defer { withExtendedLifetime(lock) {} }
  do {
    // What an attempt has left that was killed.
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

private func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}
