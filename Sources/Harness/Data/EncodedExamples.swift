public import GraftCore
public import GraftTokenizers

/// Examples as ids, ready to be packed. The tokens of all of them lie in two arrays: many short texts would otherwise cost
/// more for their arrays than for their tokens.
public struct EncodedExamples: Sendable {
  /// What each example teaches.
  public private(set) var targets: [Target]
  /// How many were truncated.
  private(set) var truncated = 0
  private var ids: [Int32] = []
  private var typeIDs: [Int32] = []
  /// Where each example's tokens are.
  private var places: [Place]

  private struct Place {
    var start = 0
    var count: Int32 = 0
  }

  /// Tokenizes examples; longer ones are truncated to `maxLength` tokens.
  public init(_ examples: [Example], tokenizer: any Tokenizer, maxLength: Int) {
    self.init(count: examples.count)
    for (index, example) in examples.enumerated() {
      set(index, to: example, tokenizer: tokenizer, maxLength: maxLength)
    }
  }

  /// Room for examples that are set in any order.
  init(count: Int) {
    targets = Array(repeating: .label(0), count: count)
    places = Array(repeating: Place(), count: count)
  }

  /// Tokenizes one example; each is set once.
  mutating func set(_ index: Int, to example: Example, tokenizer: any Tokenizer, maxLength: Int) {
    let encoding = tokenizer.encode(example.text, pair: example.pair, maxLength: maxLength)
    // Only those that fill the room can have been longer.
    if encoding.ids.count == maxLength,
      tokenizer.encode(example.text, pair: example.pair, maxLength: maxLength + 1).ids.count > maxLength
    {
      truncated += 1
    }
    places[index] = Place(start: ids.count, count: Int32(encoding.ids.count))
    ids += encoding.ids
    typeIDs += encoding.typeIDs
    targets[index] = example.target
  }

  /// The number of an example's tokens.
  func length(_ index: Int) -> Int { Int(places[index].count) }

  /// How long they are.
  var lengths: LengthStatistics {
    LengthStatistics(
      mean: Double(ids.count) / Double(max(1, count)), longest: places.map { Int($0.count) }.max() ?? 0,
      truncated: truncated)
  }

  /// The number of examples.
  public var count: Int { targets.count }

  /// The same examples, so ordered that one half has about as many tokens as the other, and each half again: cut for any number
  /// of workers that is a power of two, their parts take about as long. A function of the lengths alone, so that dropout does
  /// not depend on who works on what.
  func balanced(_ indices: ArraySlice<Int>) -> [Int] {
    halved(
      indices.enumerated().sorted {
        let (a, b) = (length($0.element), length($1.element))
        return a != b ? a > b : $0.offset < $1.offset
      }.map(\.element))
  }

  /// Gives each example, the longest first, to the half that has fewer tokens so far. (Graham, 1969.)
  private func halved(_ longestFirst: [Int]) -> [Int] {
    guard longestFirst.count > 2 else { return longestFirst }
    var (left, right): ([Int], [Int]) = ([], [])
    var lead = 0
    for index in longestFirst {
      let length = self.length(index)
      if lead <= 0 { left.append(index) } else { right.append(index) }
      lead += lead <= 0 ? length : -length
    }
    return halved(left) + halved(right)
  }

  /// Some of the examples as one packed batch.
  public func batch(_ indices: some Sequence<Int>) -> PackedBatch {
    var batch = PackedBatch()
    for index in indices {
      let tokens = places[index].start..<places[index].start + length(index)
      batch.append(ids: Array(ids[tokens]), typeIDs: Array(typeIDs[tokens]))
    }
    return batch
  }
}
