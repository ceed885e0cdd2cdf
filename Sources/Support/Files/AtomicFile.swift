#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Writes a file so that it is complete or not there: to a temporary name beside it, flushed to the disk, then renamed.
///
/// - Throws: ``FileError`` when the folder cannot be written or the disk is full; the temporary file is gone then and an
///   older file of that name is as it was.
public func writeAtomically(_ bytes: some Collection<UInt8>, to path: String) throws {
  // A name of its own for every call: two threads that write one file must not write into each other's.
  let temporary = "\(path).partial-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
  let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
  guard descriptor >= 0 else { throw FileError.fromErrno("cannot write", path) }
  var finished = false
  defer { if !finished { unlink(temporary) } }
  do {
    defer { close(descriptor) }
    try writeAll(Array(bytes), to: descriptor, path: path)
    guard fsync(descriptor) == 0 else { throw FileError.fromErrno("cannot write", path) }
  }
  guard rename(temporary, path) == 0 else { throw FileError.fromErrno("cannot write", path) }
  finished = true
}

/// Writes `text` as UTF-8 so that the file is complete or not there.
public func writeAtomically(_ text: String, to path: String) throws {
  try writeAtomically(Array(text.utf8), to: path)
}

/// A write may take only a part of what it is given: go on until all is written.
func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws {
  try bytes.withUnsafeBytes { buffer in
    var rest = buffer[...]
    while !rest.isEmpty {
      let written = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw FileError.fromErrno("cannot write", path) }
      rest = rest.dropFirst(written)
    }
  }
}
