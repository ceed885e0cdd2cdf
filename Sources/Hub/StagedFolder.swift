import Foundation
import GraftSupport

/// A folder in the cache that appears only when its content is complete: it is filled next to its final path and then renamed.
struct StagedFolder {
  /// The final path.
  let place: String
  /// A file in it whose presence shows that the folder is complete.
  let mark: String

  /// The temporary path. It is kept after a failed attempt so that the next one can resume. Its name is therefore predictable,
  /// so it must be a folder of this user and not a link.
  private var staging: String {
    let folder = URL(fileURLWithPath: place)
    return folder.deletingLastPathComponent().path + "/.\(folder.lastPathComponent).partial"
  }

  /// Fills the folder if it does not exist. Concurrent processes wait for each other.
  ///
  /// - Parameter fill: Writes all content into the folder that it receives.
  /// - Returns: Whether the folder already existed.
  /// - Throws: `FileError`, or the error that `fill` throws.
  func place(_ fill: (_ staging: String) throws -> Void) throws -> Bool {
    if try exists { return true }
    let parent = URL(fileURLWithPath: staging).deletingLastPathComponent().path
    try makeFolder(parent)
    var lock: FolderLock
    repeat {
      guard mkdir(staging, 0o700) == 0 || errno == EEXIST else {
        throw FileError.fromErrno("cannot create the folder", staging)
      }
      lock = try FolderLock(staging, waits: true, isOwn: true)
      if try exists { return true }  // another process completed it
    } while try !lock.holds(staging)  // another process failed and removed the folder
    defer { withExtendedLifetime(lock) {} }
    do { try fill(staging) } catch {
      if rmdir(staging) == 0 { rmdir(parent) }  // removed only when empty
      throw error
    }
    guard chmod(staging, 0o777 & ~mode_t(defaultMask())) == 0, rename(staging, place) == 0 else {
      throw FileError.fromErrno("cannot place", place)
    }
    try flushFolder(place)
    try flushFolder("\(place)/..")
    return false
  }

  /// Removes all other files from the temporary folder.
  func keep(only names: [String]) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: staging) where !names.contains(name) {
      try FileManager.default.removeItem(atPath: "\(staging)/\(name)")
    }
  }

  private var exists: Bool { get throws { try fileExists("\(place)/\(mark)") } }
}
