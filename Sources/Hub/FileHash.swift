import Foundation
import GraftSupport

/// The expected hash of a file's content.
package enum FileHash: Sendable, Equatable {
  /// SHA-256 of the content.
  case sha256(String)
  /// SHA-1 of git's header and the content, which a hub reports for small files.
  case gitBlob(String)

  /// The hash in hexadecimal digits.
  var digits: String {
    switch self {
    case .sha256(let digits), .gitBlob(let digits): digits
    }
  }

  /// Computes a hash of the same kind.
  package func computed(of bytes: UnsafeRawBufferPointer) -> String {
    let checksum: Checksum
    switch self {
    case .sha256: checksum = Checksum(.sha256)
    case .gitBlob:
      checksum = Checksum(.sha1)
      checksum.add("blob \(bytes.count)\0")
    }
    checksum.add(bytes)
    return checksum.digits()
  }

  /// Verifies that a file has this hash.
  ///
  /// - Throws: ``HubError/checksum(file:expected:got:)``; the file is then removed.
  func check(_ path: String, named name: String) throws {
    let content = try MappedFile(path: path)
    let got = computed(of: content.bytes)
    withExtendedLifetime(content) {}
    guard digits == got else {
      unlink(path)
      throw HubError.checksum(file: name, expected: digits, got: got)
    }
  }
}
