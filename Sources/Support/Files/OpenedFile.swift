#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Opens a regular file for reading.
///
/// - Returns: The descriptor and the file's status.
/// - Throws: ``FileError`` when it cannot be opened or is not a regular file.
func openForReading(_ path: String) throws -> (descriptor: Int32, status: stat) {
  // Without O_NONBLOCK, opening a named pipe would block until a writer opens it.
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else { throw FileError.fromErrno("cannot read", path) }
  var status = stat()
  guard fstat(descriptor, &status) == 0 else {
    let error = FileError.fromErrno("cannot read", path)
    close(descriptor)
    throw error
  }
  guard status.st_mode & S_IFMT == S_IFREG else {
    close(descriptor)
    throw FileError("cannot read", path, reason: "it is not a regular file")
  }
  return (descriptor, status)
}

/// Opens a regular file for writing. Links are not followed; pipes and devices are refused.
///
/// - Parameter flags: Additional flags for `open`, such as `O_APPEND`.
/// - Returns: The descriptor.
/// - Throws: ``FileError``.
package func openForWriting(_ path: String, _ flags: Int32) throws -> Int32 {
  let descriptor = open(path, flags | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o666)
  guard descriptor >= 0 else {
    guard errno != ELOOP else { throw FileError("cannot write", path, reason: "it is a link, expected a file") }
    guard errno != ENXIO else { throw FileError("cannot write", path, reason: "it is a pipe, expected a file") }
    throw FileError.fromErrno("cannot write", path)
  }
  var status = stat()
  guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
    close(descriptor)
    throw FileError("cannot write", path, reason: "it is \(kindName(status)), expected a file")
  }
  return descriptor
}

/// The name for something that is not a regular file, for messages.
func kindName(_ status: stat) -> String {
  switch status.st_mode & S_IFMT {
  case S_IFDIR: "a folder"
  case S_IFIFO: "a pipe"
  case S_IFSOCK: "a socket"
  case S_IFCHR, S_IFBLK: "a device"
  case S_IFLNK: "a link"
  default: "not a file"
  }
}
