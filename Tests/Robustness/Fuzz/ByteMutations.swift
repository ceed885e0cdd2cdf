extension Randomness {
  /// Returns the bytes with some of them changed, inserted, removed, copied, or cut off.
  ///
  /// - Parameters:
  ///   - original: The input.
  ///   - other: Another input, from which a part may be copied.
  mutating func mutated(_ original: [UInt8], splicing other: [UInt8] = []) -> [UInt8] {
    var bytes = original
    for _ in 0..<few() {
      if bytes.isEmpty { bytes = pick(HostileValues.fragments) }
      let place = below(bytes.count)
      switch below(12) {
      case 0, 1: bytes[place] = UInt8(truncatingIfNeeded: next())
      case 2: bytes[place] ^= 1 << UInt8(below(8))
      case 3: bytes.removeSubrange(place..<min(bytes.count, place + pick([1, 1, 2, 4, 8, 100, 10000])))
      case 4, 5, 6: bytes.insert(contentsOf: pick(HostileValues.fragments), at: place)
      case 7: bytes.removeSubrange(place...)
      case 8:
        let start = below(bytes.count)
        bytes.insert(contentsOf: bytes[start..<min(bytes.count, start + pick([1, 4, 16, 200]))], at: place)
      case 9: overwrite(&bytes, at: place)
      case 10:
        // Replaces a number in a text.
        if let number = bytes[place...].firstIndex(where: { (0x30...0x39).contains($0) }) {
          let end = bytes[number...].firstIndex { !(0x30...0x39).contains($0) } ?? bytes.count
          bytes.replaceSubrange(number..<end, with: pick(HostileValues.numbers).utf8)
        }
      default:
        guard !other.isEmpty else { continue }
        let start = below(other.count)
        bytes.replaceSubrange(
          place..<min(bytes.count, place + pick([0, 4, 100])),
          with: other[start..<min(other.count, start + pick([4, 50, 1000]))])
      }
    }
    return bytes
  }

  /// Overwrites one, two, four, or eight bytes with an extreme number.
  mutating func overwrite(_ bytes: inout [UInt8], at place: Int) {
    let width = pick([1, 2, 4, 8])
    let value = pick(HostileValues.bits)
    for offset in 0..<width where place + offset < bytes.count {
      bytes[place + offset] = UInt8(truncatingIfNeeded: value >> UInt64(8 * offset))
    }
  }
}
