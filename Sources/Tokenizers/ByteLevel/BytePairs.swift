import GraftSupport

/// Joins a word's bytes pair by pair, the pair that was joined most often in training first.
///
/// Gage, 1994; Sennrich et al., "Neural machine translation of rare words with subword units", 2016. Each byte is written as
/// one printable character.
struct BytePairs: Sendable {
  let vocabulary: Vocabulary
  /// The joined token and its rank, by both halves' ids.
  private let merges: [UInt64: (rank: Int32, id: Int32)]
  /// Each byte's token; -1 where the vocabulary has none.
  private let bytes: [Int32]
  private let unknownID: Int32?

  /// - Parameter pairs: The halves that are joined, the most frequent first.
  /// - Throws: ``TokenizerError`` when a half, or what both make, is not in the vocabulary.
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
          reason: "merge \(rank + 1) joins \(quoted(pair.left)) and \(quoted(pair.right)), which the vocabulary lacks")
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

  /// All but vocabulary and merges that decides the pieces.
  var settings: String { "\(unknownID ?? -1)" }

  /// Whether another model joins the same pairs in the same order and has the same tokens.
  func hasMerges(of other: BytePairs) -> Bool {
    vocabulary.hasTokens(of: other.vocabulary) && merges.count == other.merges.count
      && merges.allSatisfy { key, merge in other.merges[key].map { $0 == merge } ?? false }
  }

  /// The merges by their ranks, then every token.
  var identityBytes: [UInt8] {
    let ordered = merges.sorted { $0.value.rank < $1.value.rank }
    return ordered.flatMap { Array("\($0.key) \($0.value.id)\n".utf8) } + vocabulary.identityBytes
  }

  /// Every byte as the character that stands for it: itself where it is printable, else one from U+0100 on.
  static let characters: [Unicode.Scalar] = {
    var next: UInt32 = 0x100
    return (0..<256).map { byte in
      if (33...126).contains(byte) || (161...172).contains(byte) || byte >= 174 { return Unicode.Scalar(UInt8(byte)) }
      defer { next += 1 }
      return Unicode.Scalar(next) ?? " "
    }
  }()

  /// Appends the ids of one word's pieces.
  func append(_ word: ArraySlice<Unicode.Scalar>, to ids: inout [Int32]) {
    var pieces: [Int32] = []
    for byte in String(String.UnicodeScalarView(word)).utf8 {
      let id = bytes[Int(byte)]
      if id >= 0 { pieces.append(id) } else if let unknownID { pieces.append(unknownID) }
    }
    join(&pieces)
    ids += pieces
  }

  /// Pieces are a chain; the joints that can be joined wait in a heap by rank, then by place.
  private func join(_ pieces: inout [Int32]) {
    guard pieces.count > 1 else { return }
    var (next, previous) = (Array(1...pieces.count), Array(-1..<pieces.count - 1))
    var waiting = Heap()
    for left in 0..<pieces.count - 1 { wait(left, left + 1, pieces, &waiting) }
    while let joint = waiting.popLowest() {
      let (left, right) = (joint.left, joint.right)
      // One of the halves may have become another piece.
      guard pieces[left] == joint.leftID, next[left] == right, right < pieces.count, pieces[right] == joint.rightID
      else {
        continue
      }
      pieces[left] = joint.joinedID
      pieces[right] = -1
      next[left] = next[right]
      if next[left] < pieces.count {
        previous[next[left]] = left
        wait(left, next[left], pieces, &waiting)
      }
      if previous[left] >= 0 { wait(previous[left], left, pieces, &waiting) }
    }
    pieces.removeAll { $0 < 0 }
  }

  private func wait(_ left: Int, _ right: Int, _ pieces: [Int32], _ waiting: inout Heap) {
    guard let merge = merges[Self.key(pieces[left], pieces[right])] else { return }
    waiting.push(
      Joint(
        rank: merge.rank, left: left, right: right, leftID: pieces[left], rightID: pieces[right], joinedID: merge.id))
  }

  private struct Joint {
    let rank: Int32
    let left: Int, right: Int
    let leftID: Int32, rightID: Int32, joinedID: Int32

    static func < (a: Joint, b: Joint) -> Bool { (a.rank, a.left) < (b.rank, b.left) }
  }

  /// A binary heap, the lowest first.
  private struct Heap {
    private var joints: [Joint] = []

    mutating func push(_ joint: Joint) {
      joints.append(joint)
      var place = joints.count - 1
      while place > 0, joints[place] < joints[(place - 1) / 2] {
        joints.swapAt(place, (place - 1) / 2)
        place = (place - 1) / 2
      }
    }

    mutating func popLowest() -> Joint? {
      guard let lowest = joints.first else { return nil }
      let last = joints.removeLast()
      guard !joints.isEmpty else { return lowest }
      joints[0] = last
      var place = 0
      while true {
        var smallest = place
        for child in [2 * place + 1, 2 * place + 2] where child < joints.count && joints[child] < joints[smallest] {
          smallest = child
        }
        if smallest == place { return lowest }
        joints.swapAt(place, smallest)
        place = smallest
      }
    }
  }
}
