import Foundation

/// The temporary names under which files and folders are written before they are renamed into place.
///
/// The name is the final name followed by `.graft-partial-` and 16 random hexadecimal digits, in the same folder. The writer
/// holds an advisory lock, so later writers can distinguish leftovers of a dead process from files that are still being written.
enum Staging {
  private static let mark = ".graft-partial-"
  private static let randomDigits = 16
  /// The part of the final name that is kept; file systems allow names of at most 255 bytes.
  private static let longestName = 200

  /// Returns a new temporary name in the same folder as `place`.
  static func name(beside place: String) -> String {
    let (folder, name) = splitPath(place)
    var short = name
    while short.utf8.count > longestName { short.removeLast() }
    let digits = String(UInt64.random(in: .min ... .max), radix: 16)
    return folder + short + mark + String(repeating: "0", count: randomDigits - digits.count) + digits
  }

  /// Whether a name has exactly this form.
  static func isName(_ name: String) -> Bool {
    let end = name.utf8.suffix(randomDigits)
    return end.count == randomDigits
      && name.utf8.dropLast(randomDigits).suffix(mark.utf8.count).elementsEqual(mark.utf8)
      && end.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }

  /// Locks a file or folder that was just created.
  ///
  /// - Returns: Whether it still exists: another writer may have removed it as a leftover before it was locked.
  /// - Throws: ``FileError`` when that cannot be determined.
  static func hold(_ descriptor: Int32, at path: String) throws -> Bool {
    // Some file systems have no locks; there, leftovers are never removed.
    while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
    return try refers(path, to: descriptor)
  }

  /// Whether `path` itself, not the target of a link, refers to the opened descriptor.
  static func refers(_ path: String, to descriptor: Int32) throws -> Bool {
    var (named, opened) = (stat(), stat())
    guard lstat(path, &named) == 0 else {
      if errno == ENOENT { return false }
      throw FileError.fromErrno("cannot write", path)
    }
    guard fstat(descriptor, &opened) == 0 else { throw FileError.fromErrno("cannot write", path) }
    return named.st_dev == opened.st_dev && named.st_ino == opened.st_ino
  }

  fileprivate static let mask: mode_t = {
    let mask = umask(0o077)
    umask(mask)
    return mask
  }()
}

/// The user's umask: the permission bits that new files and folders do not get.
package func defaultMask() -> UInt32 { UInt32(Staging.mask) }

/// Removes the leftovers of killed writers in a folder: unlocked files and folders with a staging name that belong to this user.
/// Links are neither followed nor removed.
package func removeLeftovers(in folder: String) {
  let folder = folder.isEmpty ? "." : folder
  guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return }
  for name in names where Staging.isName(name) { removeLeftover("\(folder)/\(name)") }
}

private func removeLeftover(_ path: String) {
  let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
  guard descriptor >= 0 else { return }
  defer { close(descriptor) }
  var status = stat()
  guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &status) == 0, status.st_uid == geteuid(),
    (try? Staging.refers(path, to: descriptor)) == true
  else { return }
  switch status.st_mode & S_IFMT {
  case S_IFREG: unlink(path)
  case S_IFDIR: try? FileManager.default.removeItem(atPath: path)
  default: break
  }
}

/// Returns a path without trailing slashes, unless it is the root.
func withoutSlashes(_ path: String) -> String {
  var bytes = path.utf8[...]
  while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes = bytes.dropLast() }
  return String(decoding: bytes, as: UTF8.self)
}

/// Splits a path into its folder, including the trailing slash, and the name in it.
///
/// The path is split by bytes: the system treats a slash followed by a combining accent as a slash.
func splitPath(_ path: String) -> (folder: String, name: String) {
  guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return ("", path) }
  return (
    String(decoding: path.utf8[...slash], as: UTF8.self),
    String(decoding: path.utf8[path.utf8.index(after: slash)...], as: UTF8.self)
  )
}
