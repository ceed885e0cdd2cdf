#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Whether a file or folder of this name is there to be read. One that is there but can't be read is never treated as
/// absent.
///
/// - Returns: `false` only when nothing of that name exists.
/// - Throws: ``FileError`` for a link to nothing, a file that may not be read, or a path through something that is not a
///   folder or may not be searched.
public func fileExists(_ path: String) throws -> Bool {
  var status = stat()
  guard lstat(path, &status) == 0 else {
    if errno == ENOENT { return false }
    throw FileError.fromErrno("cannot read", path)
  }
  guard stat(path, &status) == 0 else {
    if errno == ENOENT { throw FileError("cannot read", path, reason: "it is a link to a file that is not there") }
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
