/// A map from tokens, compared by their bytes, to ids.
///
/// This is not a dictionary of strings because Swift treats two encodings of one accent as equal, while they are two tokens of a
/// vocabulary. All tokens share one buffer; an open-addressing hash table refers to them.
struct Vocabulary: Sendable {
  private var bytes: [UInt8] = []
  private var entries: [Entry] = []
  /// Positions in `entries`, or -1 for an empty slot; the size is a power of two, and the table is never more than half full.
  private var slots: [Int32] = Array(repeating: -1, count: 1 << 8)
  private(set) var largestID: Int32 = 0
  /// The length of the longest token in bytes.
  private(set) var longestToken = 0

  private struct Entry {
    let start: Int
    let end: Int
    var id: Int32
  }

  /// An FNV-1a hash, which can be extended byte by byte.
  struct Hash {
    private(set) var state: UInt64 = 0xcbf2_9ce4_8422_2325
    @inline(__always)
    func adding(_ byte: UInt8) -> Hash { Hash(state: (state ^ UInt64(byte)) &* 0x100_0000_01b3) }
  }

  var count: Int { entries.count }

  /// Adds a token, or changes the id of an existing one.
  mutating func add(_ token: String, id: Int32) {
    let text = Array(token.utf8)
    let hash = text.reduce(Hash()) { $0.adding($1) }
    largestID = max(largestID, id)
    longestToken = max(longestToken, text.count)
    if let position = position(of: [], text[...], hash: hash) {
      entries[position].id = id
      return
    }
    entries.append(Entry(start: bytes.count, end: bytes.count + text.count, id: id))
    bytes += text
    if entries.count * 2 > slots.count { grow() }
    slots[freeSlot(hash)] = Int32(entries.count - 1)
  }

  /// Returns the id of a token, or `nil`.
  func id(of token: String) -> Int32? {
    let text = Array(token.utf8)
    return id(of: [], text[...], hash: text.reduce(Hash()) { $0.adding($1) })
  }

  /// Returns the token with an id, or `nil`. It searches linearly: for display, not for training.
  func token(of id: Int32) -> String? {
    entries.first { $0.id == id }.map { String(decoding: bytes[$0.start..<$0.end], as: UTF8.self) }
  }

  /// Returns the id of the token that is the concatenation of two parts, given the hash of both.
  func id(of prefix: [UInt8], _ text: ArraySlice<UInt8>, hash: Hash) -> Int32? {
    position(of: prefix, text, hash: hash).map { entries[$0].id }
  }

  /// Whether another vocabulary has the same tokens with the same ids.
  func hasTokens(of other: Vocabulary) -> Bool {
    guard count == other.count else { return false }
    return entries.allSatisfy { entry in
      let text = bytes[entry.start..<entry.end]
      return other.id(of: [], text, hash: text.reduce(Hash()) { $0.adding($1) }) == entry.id
    }
  }

  /// Every token after its id, by ascending id.
  var identityBytes: [UInt8] {
    var all: [UInt8] = []
    all.reserveCapacity(bytes.count + 12 * entries.count)
    for entry in entries.sorted(by: { ($0.id, $0.start) < ($1.id, $1.start) }) {
      all += "\(entry.id)\t".utf8
      all += bytes[entry.start..<entry.end]
      all.append(UInt8(ascii: "\n"))
    }
    return all
  }

  private func position(of prefix: [UInt8], _ text: ArraySlice<UInt8>, hash: Hash) -> Int? {
    var slot = Int(truncatingIfNeeded: hash.state) & (slots.count - 1)
    while slots[slot] >= 0 {
      let position = Int(slots[slot])
      let entry = entries[position]
      if entry.end - entry.start == prefix.count + text.count,
        bytes[entry.start..<entry.start + prefix.count].elementsEqual(prefix),
        bytes[entry.start + prefix.count..<entry.end].elementsEqual(text)
      {
        return position
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  private func freeSlot(_ hash: Hash) -> Int {
    var slot = Int(truncatingIfNeeded: hash.state) & (slots.count - 1)
    while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
    return slot
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 4)
    for position in entries.indices.dropLast() {
      let entry = entries[position]
      slots[freeSlot(bytes[entry.start..<entry.end].reduce(Hash()) { $0.adding($1) })] = Int32(position)
    }
  }
}
