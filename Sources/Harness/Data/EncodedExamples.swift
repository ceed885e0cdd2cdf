public import GraftCore
public import GraftTokenizers

/// Examples as ids, ready to be packed.
public struct EncodedExamples: Sendable {
  /// Each example's tokens.
  public let encodings: [Encoding]
  /// What each example teaches.
  public let targets: [Target]
  /// How many were truncated.
  let truncated: Int

  /// Tokenizes examples; longer ones are truncated to `maxLength` tokens.
  public init(_ examples: [Example], tokenizer: any Tokenizer, maxLength: Int) {
    encodings = examples.map { tokenizer.encode($0.text, pair: $0.pair, maxLength: maxLength) }
    // Only those that fill the room can have been longer.
    truncated = zip(examples, encodings).count { example, encoding in
      encoding.ids.count == maxLength
        && tokenizer.encode(example.text, pair: example.pair, maxLength: maxLength + 1).ids.count > maxLength
    }
    targets = examples.map(\.target)
  }

  /// How long they are.
  var lengths: LengthStatistics {
    let counts = encodings.map(\.ids.count)
    return LengthStatistics(
      mean: Double(counts.reduce(0, +)) / Double(max(1, counts.count)), longest: counts.max() ?? 0,
      truncated: truncated)
  }

  /// The number of examples.
  public var count: Int { targets.count }

  /// The same examples, so ordered that one half has about as many tokens as the other, and each half again: cut for any number
  /// of workers that is a power of two, their parts take about as long. A function of the lengths alone, so that dropout does
  /// not depend on who works on what.
  func dealt(_ indices: ArraySlice<Int>) -> [Int] {
    halved(
      indices.enumerated().sorted {
        let (a, b) = (encodings[$0.element].ids.count, encodings[$1.element].ids.count)
        return a != b ? a > b : $0.offset < $1.offset
      }.map(\.element))
  }

  /// Gives each example, the longest first, to the half that has fewer tokens so far. (Graham, 1969.)
  private func halved(_ longestFirst: [Int]) -> [Int] {
    guard longestFirst.count > 2 else { return longestFirst }
    var (left, right): ([Int], [Int]) = ([], [])
    var lead = 0
    for index in longestFirst {
      let length = encodings[index].ids.count
      if lead <= 0 { left.append(index) } else { right.append(index) }
      lead += lead <= 0 ? length : -length
    }
    return halved(left) + halved(right)
  }

  /// Some of the examples as one packed batch.
  public func batch(_ indices: some Sequence<Int>) -> PackedBatch {
    var batch = PackedBatch()
    for index in indices { batch.append(ids: encodings[index].ids, typeIDs: encodings[index].typeIDs) }
    return batch
  }
}
