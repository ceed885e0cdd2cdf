import Foundation
import GraftSupport

/// A tar archive compressed with gzip, whose files are unpacked into memory. (POSIX.1-1988, ustar.)
///
/// Every offset and size is checked before it is used.
package struct TarArchive {
  /// The archive's name in messages.
  private let name: String
  private let content: [UInt8]
  private let files: [String: Range<Int>]

  /// The names of the files.
  package var names: [String] { files.keys.sorted() }

  /// Decompresses and reads the archive at `path`.
  ///
  /// - Parameters:
  ///   - path: The archive.
  ///   - name: Its name in messages.
  ///   - limit: The maximum size after decompression, in bytes.
  /// - Throws: ``HubError/badArchive(file:reason:)``, or `FileError`.
  package init(path: String, name: String, limit: Int = 64 << 20) throws {
    self.name = name
    let file = try MappedFile(path: path)
    content = try withExtendedLifetime(file) { try Self.decompressed(file.bytes, name: name, limit: limit) }
    files = try Self.directory(content, name: name)
  }

  /// Returns the content of a file.
  ///
  /// - Throws: ``HubError/badArchive(file:reason:)`` if there is no such file.
  package func content(of file: String) throws -> ArraySlice<UInt8> {
    guard let place = files[file] else {
      throw HubError.badArchive(file: name, reason: "it has no file \(quoted(file))")
    }
    return content[place]
  }

  private static func decompressed(_ packed: UnsafeRawBufferPointer, name: String, limit: Int) throws -> [UInt8] {
    var content: [UInt8] = []
    do {
      try Inflate.run(packed, .gzip) { chunk in
        guard content.count + chunk.count <= limit else {
          throw HubError.badArchive(file: name, reason: "it has more than \(limit) bytes when decompressed")
        }
        content += chunk
      }
    } catch let failure as Inflate.Failure {
      throw HubError.badArchive(
        file: name, reason: failure == .damaged ? "it is damaged" : "there is not enough memory to decompress it")
    }
    return content
  }

  /// Reads the headers, which are blocks of 512 bytes; a block of zeros ends the archive.
  private static func directory(_ content: [UInt8], name: String) throws -> [String: Range<Int>] {
    let block = 512
    var files: [String: Range<Int>] = [:]
    var place = 0
    while place + block <= content.count {
      let header = content[place..<place + block]
      guard header.contains(where: { $0 != 0 }) else { return files }
      func text(_ field: Range<Int>) -> String {
        String(decoding: header.dropFirst(field.lowerBound).prefix(field.count).prefix { $0 != 0 }, as: UTF8.self)
      }
      let size = Int(text(124..<136).trimmingCharacters(in: .whitespaces), radix: 8)
      place += block
      guard let size, size >= 0, size <= content.count - place else {
        throw HubError.badArchive(file: name, reason: "it is damaged or truncated")
      }
      let isFile = ["0", ""].contains(text(156..<157))
      if isFile { files[text(0..<100)] = place..<place + size }
      // The padding of the last file may be missing.
      place = min(content.count, place + (size + block - 1) / block * block)
    }
    return files
  }
}
