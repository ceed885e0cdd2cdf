#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Whether a readable file or folder exists at `path`. One that exists but cannot be read is never reported as missing.
///
/// - Returns: `false` only when nothing exists at `path`.
/// - Throws: ``FileError`` for a link without a target, an unreadable file, or a path through something that is not a folder
///   or cannot be searched.
public func fileExists(_ path: String) throws -> Bool {
  var status = stat()
  guard lstat(path, &status) == 0 else {
    if errno == ENOENT { return false }
    throw FileError.fromErrno("cannot read", path)
  }
  guard stat(path, &status) == 0 else {
    if errno == ENOENT { throw FileError("cannot read", path, reason: "it is a link without a target") }
    throw FileError.fromErrno("cannot read", path)
  }
  guard access(path, R_OK) == 0 else { throw FileError.fromErrno("cannot read", path) }
  return true
}

/// Whether a path leads to a folder. Links are followed.
public func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}
