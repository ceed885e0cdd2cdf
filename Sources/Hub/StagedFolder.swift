import Foundation
import GraftSupport

/// A folder of the cache that appears when everything in it is right: it grows beside its place and is renamed into it.
struct StagedFolder {
  /// Where the whole folder appears.
  let place: String
  /// A file in it that tells that it is there.
  let mark: String

  /// Where it grows; kept when an attempt fails, for the next one.
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
    if isThere { return true }
    try makeFolder(staging)
    let lock = try FolderLock(staging, waits: true)
    defer { withExtendedLifetime(lock) {} }
    if isThere { return true }  // another process was faster
    do { try fill(staging) } catch {
      rmdir(staging)  // goes only when nothing has come
      throw error
    }
    guard rename(staging, place) == 0 else {
      throw FileError("cannot place", place, reason: String(cString: strerror(errno)))
    }
    return false
  }

  private var isThere: Bool { FileIdentity(path: "\(place)/\(mark)") != nil }
}
