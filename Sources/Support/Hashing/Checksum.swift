import CLibcrypto

/// An incremental hash, computed by the system's libcrypto.
package final class Checksum {
  /// The supported hash functions.
  package enum Algorithm: Sendable {
    /// SHA-256 (FIPS 180-4).
    case sha256
    /// SHA-1, which git uses to name objects.
    case sha1
  }

  private let context: OpaquePointer
  private let size: Int

  /// Starts a hash.
  package init(_ algorithm: Algorithm = .sha256) {
    let function = algorithm == .sha256 ? EVP_sha256() : EVP_sha1()
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, function, nil) == 1 else {
      fatalError("libcrypto has no memory, or was built without \(algorithm)")
    }
    self.context = context
    size = Int(EVP_MD_get_size(function))
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Adds bytes.
  package func add(_ bytes: UnsafeRawBufferPointer) {
    let isDone = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1
    precondition(isDone, "libcrypto could not compute the hash")
  }

  /// Adds the UTF-8 bytes of a text.
  package func add(_ text: String) {
    var text = text
    text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
  }

  /// Returns the hash of everything added, in hexadecimal digits. Nothing can be added afterwards.
  package func digits() -> String {
    var digest = [UInt8](repeating: 0, count: size)
    let isDone = EVP_DigestFinal_ex(context, &digest, nil) == 1
    precondition(isDone, "libcrypto could not compute the hash")
    return hex(digest)
  }
}

/// Returns the SHA-256 hash of bytes, in hexadecimal digits.
package func sha256(_ bytes: UnsafeRawBufferPointer) -> String {
  let checksum = Checksum()
  checksum.add(bytes)
  return checksum.digits()
}
