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
    var rest = data[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(handle.fileDescriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileError("cannot write", path, reason: String(cString: strerror(errno))) }
      rest = rest.dropFirst(count)
      size += count
    }
  }

  /// Brings it to the disk.
  func flush() throws {
    guard fsync(handle.fileDescriptor) == 0 else {
      throw FileError("cannot write", path, reason: String(cString: strerror(errno)))
    }
  }

  func truncate(to count: Int) throws {
    guard ftruncate(handle.fileDescriptor, off_t(count)) == 0 else {
      throw FileError("cannot write", path, reason: String(cString: strerror(errno)))
    }
    lseek(handle.fileDescriptor, off_t(count), SEEK_SET)
    size = count
  }
}
