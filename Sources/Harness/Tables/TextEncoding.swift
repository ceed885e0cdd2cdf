/// Text encodings that are recognized only to be named in messages. Only UTF-8 is supported.
enum TextEncoding: String, Sendable, Equatable {
  case utf16 = "UTF-16"
  case utf32 = "UTF-32"

  /// The byte order mark of UTF-8, which is skipped.
  static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Returns the encoding indicated by a file's first bytes; `nil` if they are compatible with UTF-8.
  static func of(firstBytes bytes: some Collection<UInt8>) -> TextEncoding? {
    let first = Array(bytes.prefix(64))
    if first.starts(with: [0xFF, 0xFE, 0, 0]) || first.starts(with: [0, 0, 0xFE, 0xFF]) { return .utf32 }
    if first.starts(with: [0xFF, 0xFE]) || first.starts(with: [0xFE, 0xFF]) { return .utf16 }
    // Without a byte order mark: every second byte of Latin text in UTF-16 is zero.
    guard first.count >= 8 else { return nil }
    let zeros = (0...1).map { parity in first.indices.filter { $0 % 2 == parity && first[$0] == 0 }.count }
    let half = first.count / 2
    return zeros.contains { $0 >= half * 3 / 4 } && zeros.contains(0) ? .utf16 : nil
  }

  /// Whether more bytes are needed to check for byte order marks and file signatures.
  static func needsMore(_ bytes: some Collection<UInt8>) -> Bool {
    guard let first = bytes.first else { return true }
    return bytes.count < 8 && !bytes.contains(UInt8(ascii: "\n")) && (first >= 0x80 || first < 0x20 || first == 0x50)
  }
}
