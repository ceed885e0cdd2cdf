#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A regular file, standard input, or bytes in memory, read in chunks, so that memory use does not grow with the size of a file.
package final class ByteSource {
  /// The name shown in messages: the path as the user wrote it, or "standard input".
  package let name: String
  private let descriptor: Int32
  private let isOwned: Bool
  /// The content of a source in memory, and the offset of the next byte.
  private let content: [UInt8]?
  private var offset = 0
  private var chunk = [UInt8](repeating: 0, count: 1 << 16)

  /// Opens a file.
  ///
  /// - Throws: ``FileError`` when it cannot be opened or is not a regular file.
  package init(path: String) throws {
    name = path
    isOwned = true
    content = nil
    descriptor = try openForReading(path).descriptor
  }

  /// Creates a source that reads standard input.
  package init() {
    name = "standard input"
    isOwned = false
    content = nil
    descriptor = STDIN_FILENO
  }

  /// Creates a source that reads bytes in memory.
  package init(name: String, content: [UInt8]) {
    self.name = name
    self.content = content
    isOwned = false
    descriptor = -1
  }

  deinit { if isOwned { close(descriptor) } }

  /// Waits until data is available, and appends at most 64 KiB of it.
  ///
  /// - Returns: The number of bytes appended; 0 at the end of the input.
  /// - Throws: ``FileError`` when reading fails.
  package func append(to bytes: inout [UInt8]) throws -> Int {
    if let content {
      let part = content[offset..<min(content.count, offset + chunk.count)]
      bytes += part
      offset += part.count
      return part.count
    }
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count >= 0 {
        bytes += chunk[..<count]
        return count
      }
      switch errno {
      case EINTR: continue
      case EAGAIN: _ = isReady(waitingFor: -1)  // standard input may be inherited in non-blocking mode
      default: throw FileError.fromErrno("cannot read", name)
      }
    }
  }

  /// Whether ``append(to:)`` would return immediately: data is available, or the input has ended.
  package var isReady: Bool { content != nil || isReady(waitingFor: 0) }

  private func isReady(waitingFor milliseconds: Int32) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&request, 1, milliseconds) > 0
  }

  /// Moves to an offset in the file, in bytes from its start.
  ///
  /// - Throws: ``FileError`` for input that is not seekable.
  package func move(to offset: Int) throws {
    if let content {
      self.offset = min(offset, content.count)
      return
    }
    guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else { throw FileError.fromErrno("cannot read", name) }
  }
}
