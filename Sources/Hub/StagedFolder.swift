import Foundation
import GraftSupport

/// A folder of the cache that appears when everything in it is right: it grows beside its place and is renamed into it.
struct StagedFolder {
  /// Where the whole folder appears.
  let place: String
  /// A file in it that tells that it is there.
  let mark: String

  /// Where it grows; kept when an attempt fails, for the next one. So its name can be predicted, and it must be a folder of
  /// ours and not a link.
  private var staging: String {
    let folder = URL(fileURLWithPath: place)
    return folder.deletingLastPathComponent().path + "/.\(folder.lastPathComponent).partial"
  }

  /// Fills the folder when it is not there; of two processes one waits for the other.
  ///
  /// - Parameter fill: Puts everything into the folder that it is given.
  /// - Returns: Whether it was there already.
  /// - Throws: `FileError`, or what `fill` throws.
  func place(_ fill: (_ staging: String) throws -> Void) throws -> Bool {
    if try isThere { return true }
    let parent = URL(fileURLWithPath: staging).deletingLastPathComponent().path
    try makeFolder(parent)
    var lock: FolderLock
    repeat {
      guard mkdir(staging, 0o700) == 0 || errno == EEXIST else {
        throw FileError.fromErrno("cannot make the folder", staging)
      }
      lock = try FolderLock(staging, waits: true, isOwn: true)
      if try isThere { return true }  // another process was faster
    } while try !lock.holds(staging)  // or it gave up, and took the folder away
    defer { withExtendedLifetime(lock) {} }
    do { try fill(staging) } catch {
      if rmdir(staging) == 0 { rmdir(parent) }  // they go only when nothing is in them
      throw error
    }
    guard chmod(staging, 0o777 & ~mode_t(defaultMask())) == 0, rename(staging, place) == 0 else {
      throw FileError.fromErrno("cannot place", place)
    }
    try flushFolder(place)
    try flushFolder("\(place)/..")
    return false
  }

  /// Removes everything else from the folder while it grows.
  func keep(only names: [String]) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: staging) where !names.contains(name) {
      try FileManager.default.removeItem(atPath: "\(staging)/\(name)")
    }
  }

  private var isThere: Bool { get throws { try fileExists("\(place)/\(mark)") } }
}
