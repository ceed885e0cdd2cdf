import Foundation
import GraftTestSupport
import GraftTokenizers
import Testing

/// The real library's results, written by `Tests/Goldens/tokenizer_goldens.py`.
enum Goldens {
  static func read<Value: Decodable>(_ name: String) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(contentsOf: url(name)))
  }

  static func url(_ name: String) throws -> URL {
    try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil)).appendingPathComponent(name)
  }

  /// Returns difficult texts: marks, joiners, control characters, long words, special tokens within text.
  static func nastyTexts() throws -> [String] { try read("nasty.json") }

  struct Variants: Decodable {
    let added: [String]
    let variants: [Variant]
    let pairs: [Pair]
  }

  /// A tokenizer with different settings for the small vocabulary, and its results for every difficult text.
  struct Variant: Decodable, Sendable {
    let name: String
    let settings: String
    let ids: [[Int32]]
    let pairs: String
  }

  /// A pair, the length it is truncated to, and its ids and types.
  struct Pair: Decodable {
    let first: String, second: String, length: Int
    let ids: [Int32], types: [Int32]

    init(from decoder: any Decoder) throws {
      var values = try decoder.unkeyedContainer()
      first = try values.decode(String.self)
      second = try values.decode(String.self)
      length = try values.decode(Int.self)
      ids = try values.decode([Int32].self)
      types = try values.decode([Int32].self)
    }
  }
}

/// The digest used by the script: FNV-1a over little-endian numbers and words.
struct Digest: CustomStringConvertible {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func update(_ byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }

  mutating func update(_ encoding: Encoding) {
    for number in [Int32(encoding.ids.count)] + encoding.ids + encoding.typeIDs {
      for shift in [0, 8, 16, 24] { update(UInt8(truncatingIfNeeded: number >> Int32(shift))) }
    }
  }

  mutating func update(words: [String]) {
    for word in words {
      for byte in word.utf8 { update(byte) }
      update(0xFF)
    }
    update(0xFE)
  }

  var description: String {
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
