/// Formats bytes as lowercase hexadecimal digits, the notation for hashes.
package func hex(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
