import GraftSupport

/// Byte-pair encoding: merges a word's bytes pair by pair, in the order of the learned merges.
///
/// Gage, 1994; Sennrich et al., "Neural machine translation of rare words with subword units", 2016. Each byte is represented by
/// one printable character.
struct BytePairs: Sendable {
  let vocabulary: Vocabulary
  /// The rank and the merged token of each pair, keyed by the ids of both halves.
  private let merges: [UInt64: (rank: Int32, id: Int32)]
  /// The token id of each byte; -1 if the vocabulary has none.
  private let bytes: [Int32]
  private let unknownID: Int32?

  /// Creates the model.
  ///
  /// - Parameters:
  ///   - vocabulary: The tokens.
  ///   - pairs: The halves to merge, by descending priority.
  ///   - unknown: The unknown token, if any.
  ///   - file: The source file, for errors.
  /// - Throws: ``TokenizerError`` when a half, or the merged token, is not in the vocabulary.
  init(vocabulary: Vocabulary, merges pairs: [(left: String, right: String)], unknown: String?, file: String) throws {
    self.vocabulary = vocabulary
    var merges: [UInt64: (rank: Int32, id: Int32)] = [:]
    merges.reserveCapacity(pairs.count)
    for (rank, pair) in pairs.enumerated() {
      guard let left = vocabulary.id(of: pair.left), let right = vocabulary.id(of: pair.right),
        let joined = vocabulary.id(of: pair.left + pair.right)
      else {
        throw TokenizerError.invalid(
          file: file,
          reason:
            "merge \(rank + 1) joins \(quoted(pair.left)) and \(quoted(pair.right)), but one of them or the result is "
            + "not in the vocabulary"
        )
      }
      let key = Self.key(left, right)
      if merges[key] == nil { merges[key] = (Int32(rank), joined) }
    }
    self.merges = merges
    bytes = Self.characters.map { vocabulary.id(of: String($0)) ?? -1 }
    unknownID = try unknown.map { name in
      guard let id = vocabulary.id(of: name) else {
        throw TokenizerError.missing(file: file, what: "the unknown token \(quoted(name))")
      }
      return id
    }
  }

  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  /// Everything except the vocabulary and the merges that affects the tokens.
  var settings: String { "\(unknownID ?? -1)" }

  /// Whether another model has the same merges in the same order and the same tokens.
  func hasMerges(of other: BytePairs) -> Bool {
    vocabulary.hasTokens(of: other.vocabulary) && merges.count == other.merges.count
      && merges.allSatisfy { key, merge in other.merges[key].map { $0 == merge } ?? false }
  }

  /// The merges by rank, then every token.
  var identityBytes: [UInt8] {
    let ordered = merges.sorted { $0.value.rank < $1.value.rank }
    return ordered.flatMap { Array("\($0.key) \($0.value.id)\n".utf8) } + vocabulary.identityBytes
  }

  /// The character that represents each byte: the byte itself when it is printable, else a character from U+0100 on.
  static let characters: [Unicode.Scalar] = {
    var next: UInt32 = 0x100
    return (0..<256).map { byte in
      if (33...126).contains(byte) || (161...172).contains(byte) || byte >= 174 { return Unicode.Scalar(UInt8(byte)) }
      defer { next += 1 }
      return Unicode.Scalar(next) ?? " "
    }
  }()

  /// Appends the ids of one word's tokens.
  func append(_ word: ArraySlice<Unicode.Scalar>, to ids: inout [Int32]) {
    var tokens: [Int32] = []
    for byte in String(String.UnicodeScalarView(word)).utf8 {
      let id = bytes[Int(byte)]
      if id >= 0 { tokens.append(id) } else if let unknownID { tokens.append(unknownID) }
    }
    join(&tokens)
    ids += tokens
  }

  /// Merges pairs by rank, then by position. The tokens form a linked list; candidate pairs wait in a heap.
  private func join(_ tokens: inout [Int32]) {
    guard tokens.count > 1 else { return }
    var next = Array(1...tokens.count)
    var previous = Array(-1..<tokens.count - 1)
    var waiting = Heap()
    for left in 0..<tokens.count - 1 { wait(left, left + 1, tokens, &waiting) }
    while let pair = waiting.popLowest() {
      let left = pair.left
      let right = pair.right
      // One of the halves may have been merged in the meantime.
      guard tokens[left] == pair.leftID, next[left] == right, right < tokens.count, tokens[right] == pair.rightID
      else {
        continue
      }
      tokens[left] = pair.joinedID
      tokens[right] = -1
      next[left] = next[right]
      if next[left] < tokens.count {
        previous[next[left]] = left
        wait(left, next[left], tokens, &waiting)
      }
      if previous[left] >= 0 { wait(previous[left], left, tokens, &waiting) }
    }
    tokens.removeAll { $0 < 0 }
  }

  private func wait(_ left: Int, _ right: Int, _ tokens: [Int32], _ waiting: inout Heap) {
    guard let merge = merges[Self.key(tokens[left], tokens[right])] else { return }
    waiting.push(
      CandidatePair(
        rank: merge.rank, left: left, right: right, leftID: tokens[left], rightID: tokens[right], joinedID: merge.id))
  }

  private struct CandidatePair {
    let rank: Int32
    let left: Int, right: Int
    let leftID: Int32, rightID: Int32, joinedID: Int32

    static func < (a: CandidatePair, b: CandidatePair) -> Bool { (a.rank, a.left) < (b.rank, b.left) }
  }

  /// A binary min-heap.
  private struct Heap {
    private var pairs: [CandidatePair] = []

    mutating func push(_ pair: CandidatePair) {
      pairs.append(pair)
      var place = pairs.count - 1
      while place > 0, pairs[place] < pairs[(place - 1) / 2] {
        pairs.swapAt(place, (place - 1) / 2)
        place = (place - 1) / 2
      }
    }

    mutating func popLowest() -> CandidatePair? {
      guard let lowest = pairs.first else { return nil }
      let last = pairs.removeLast()
      guard !pairs.isEmpty else { return lowest }
      pairs[0] = last
      var place = 0
      while true {
        var smallest = place
        for child in [2 * place + 1, 2 * place + 2] where child < pairs.count && pairs[child] < pairs[smallest] {
          smallest = child
        }
        if smallest == place { return lowest }
        pairs.swapAt(place, smallest)
        place = smallest
      }
    }
  }
}
