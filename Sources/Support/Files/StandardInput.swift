#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// All that comes through the standard input.
///
/// - Throws: ``FileError`` when reading fails, or for more than a gigabyte.
public func readStandardInput() throws -> [UInt8] {
  let limit = 1 << 30
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(STDIN_FILENO, &chunk, chunk.count)
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw FileError.fromErrno("cannot read", "standard input") }
    if count == 0 { return bytes }
    bytes += chunk[..<count]
    guard bytes.count <= limit else {
      throw FileError("cannot read", "standard input", reason: "it has more than \(limit) bytes; give it as a file")
    }
  }
}
