#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A regular file or standard input, read in pieces, so that memory does not grow with its size.
package final class ByteSource {
  /// What messages call it: the path as the user named it, or "standard input".
  package let name: String
  private let descriptor: Int32
  private let isOwned: Bool
  private var piece = [UInt8](repeating: 0, count: 1 << 16)

  /// Opens a file.
  ///
  /// - Throws: ``FileError`` when it cannot be opened or is not a regular file.
  package init(path: String) throws {
    name = path
    isOwned = true
    descriptor = try openForReading(path).descriptor
  }

  /// Reads standard input.
  package init() {
    name = "standard input"
    isOwned = false
    descriptor = STDIN_FILENO
  }

  deinit { if isOwned { close(descriptor) } }

  /// Waits until there is something to read, and appends it: at most 64 KiB.
  ///
  /// - Returns: The number of bytes appended; 0 at the end of the input.
  /// - Throws: ``FileError`` when reading fails.
  package func append(to bytes: inout [UInt8]) throws -> Int {
    while true {
      let count = read(descriptor, &piece, piece.count)
      if count >= 0 {
        bytes += piece[..<count]
        return count
      }
      switch errno {
      case EINTR: continue
      case EAGAIN: _ = isReady(waitingFor: -1)  // whoever opened our standard input made it non-blocking
      default: throw FileError.fromErrno("cannot read", name)
      }
    }
  }

  /// Whether ``append(to:)`` would return at once: there are bytes, or the input has ended.
  package var isReady: Bool { isReady(waitingFor: 0) }

  private func isReady(waitingFor milliseconds: Int32) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&request, 1, milliseconds) > 0
  }

  /// Continues at another byte of the file, counted from 0.
  ///
  /// - Throws: ``FileError`` for input that can only be read forwards.
  package func move(to offset: Int) throws {
    guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else { throw FileError.fromErrno("cannot read", name) }
  }
}
