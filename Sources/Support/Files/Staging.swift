import Foundation

/// Where files and folders grow before they are renamed into place: beside it, under a name that nobody can predict.
///
/// The name is that of the place with `.graft-partial-` and 16 random hexadecimal digits. Whoever writes there holds an
/// advisory lock, so that a later writer can tell what a dead process left from what is being written.
enum Staging {
  private static let mark = ".graft-partial-"
  private static let randomDigits = 16
  /// The longest name that file systems take is 255 bytes.
  private static let longestName = 200

  /// A new name beside a place.
  static func name(beside place: String) -> String {
    let (folder, name) = splitPath(place)
    var short = name
    while short.utf8.count > longestName { short.removeLast() }
    let digits = String(UInt64.random(in: .min ... .max), radix: 16)
    return folder + short + mark + String(repeating: "0", count: randomDigits - digits.count) + digits
  }

  /// Whether a name has exactly the form of those above.
  static func isName(_ name: String) -> Bool {
    let end = name.utf8.suffix(randomDigits)
    return end.count == randomDigits
      && name.utf8.dropLast(randomDigits).suffix(mark.utf8.count).elementsEqual(mark.utf8)
      && end.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }

  /// Locks what was just created.
  ///
  /// - Returns: Whether it is still there: another writer may have taken it for a leftover before it was locked.
  /// - Throws: ``FileError`` when that can't be told.
  static func hold(_ descriptor: Int32, at path: String) throws -> Bool {
    // Some file systems have no locks; nothing is ever taken for a leftover there.
    while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
    return try refers(path, to: descriptor)
  }

  /// Whether a path itself, not what a link leads to, is what a descriptor was opened for.
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

/// The permissions that new files and folders are not given, as the user has it.
package func defaultMask() -> UInt32 { UInt32(Staging.mask) }

/// Removes what writers that were killed have left in a folder: files and folders of ours under exactly such a name as they
/// are given, that nobody holds. Links are neither followed nor removed.
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

/// A path without slashes at its end, unless it is the root.
func withoutSlashes(_ path: String) -> String {
  var bytes = path.utf8[...]
  while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes = bytes.dropLast() }
  return String(decoding: bytes, as: UTF8.self)
}

/// The folder of a path, with its slash at the end, and the name in it.
///
/// By bytes: a slash with an accent after it is a slash for the system.
func splitPath(_ path: String) -> (folder: String, name: String) {
  guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return ("", path) }
  return (
    String(decoding: path.utf8[...slash], as: UTF8.self),
    String(decoding: path.utf8[path.utf8.index(after: slash)...], as: UTF8.self)
  )
}
