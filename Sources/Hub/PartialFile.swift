import Foundation
import GraftSupport

/// A file that is written in chunks, possibly over several attempts.
final class PartialFile {
  private let handle: FileHandle
  private let path: String
  /// The current size in bytes.
  private(set) var size: Int

  init(path: String) throws {
    self.path = path
    let descriptor = try openForWriting(path, O_RDWR)
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    size = Int(lseek(descriptor, 0, SEEK_END))
  }

  func append(_ data: Data) throws {
    try writeAll(Array(data), to: handle.fileDescriptor, path: path)
    size += data.count
  }

  /// Flushes the file to disk.
  func flush() throws {
    guard fsync(handle.fileDescriptor) == 0 else { throw FileError.fromErrno("cannot write", path) }
  }

  func truncate(to count: Int) throws {
    guard ftruncate(handle.fileDescriptor, off_t(count)) == 0 else {
      throw FileError.fromErrno("cannot write", path)
    }
    lseek(handle.fileDescriptor, off_t(count), SEEK_SET)
    size = count
  }
}
