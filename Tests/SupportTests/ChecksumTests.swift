import GraftSupport
import Testing

struct ChecksumTests {
  private func digits(_ algorithm: Checksum.Algorithm, _ chunks: String...) -> String {
    let checksum = Checksum(algorithm)
    for chunk in chunks { checksum.add(chunk) }
    return checksum.digits()
  }

  @Test func `hashes match the examples of the standards, whole and in chunks`() {
    // FIPS 180-4, appendix examples "abc" and the empty message.
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(digits(.sha256, "abc") == abc && digits(.sha256, "a", "", "bc") == abc)
    #expect(digits(.sha256) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(digits(.sha1, "abc") == "a9993e364706816aba3e25717850c26c9cd0d89d")
    #expect(Array("abc".utf8).withUnsafeBytes { sha256($0) } == abc)
    let million = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    #expect(
      million.withUnsafeBytes { sha256($0) } == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }
}
