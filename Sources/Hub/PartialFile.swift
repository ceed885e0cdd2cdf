import Foundation
import GraftSupport

/// A file that comes piece by piece, perhaps over several attempts.
final class PartialFile {
  private let handle: FileHandle
  private let path: String
  /// The bytes that are there.
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

  /// Brings it to the disk.
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
