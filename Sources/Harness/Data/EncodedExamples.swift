public import GraftCore
import GraftInference
public import GraftObjectives
public import GraftTokenizers

/// Tokenized examples, ready to be packed into batches.
public struct EncodedExamples: Sendable {
  /// The target of each example.
  public private(set) var targets: [Target]
  /// The tokens of each example.
  private(set) var texts: EncodedTexts

  /// Tokenizes examples; longer ones are truncated to `maxLength` tokens.
  public init(_ examples: [Example], tokenizer: any Tokenizer, maxLength: Int) {
    self.init(count: examples.count)
    for (index, example) in examples.enumerated() {
      set(index, to: example, tokenizer: tokenizer, maxLength: maxLength)
    }
  }

  /// Allocates space for examples that are set in any order.
  init(count: Int) {
    targets = Array(repeating: .label(0), count: count)
    texts = EncodedTexts(count: count)
  }

  /// Tokenizes one example. Each index is set exactly once.
  mutating func set(_ index: Int, to example: Example, tokenizer: any Tokenizer, maxLength: Int) {
    texts.set(index, to: example.text, pair: example.pair, tokenizer: tokenizer, maxLength: maxLength)
    targets[index] = example.target
  }

  /// Returns the number of tokens of an example.
  func length(_ index: Int) -> Int { texts.length(index) }

  /// The statistics of the examples' lengths.
  var lengths: LengthStatistics {
    LengthStatistics(
      mean: Double(texts.tokenCount) / Double(max(1, count)), longest: (0..<count).map(length).max() ?? 0,
      truncated: texts.truncated)
  }

  /// The number of examples.
  public var count: Int { targets.count }

  /// Reorders examples so that both halves have about the same number of tokens, and recursively within each half. Any
  /// power-of-two number of workers then gets parts of about equal cost. The order depends only on the lengths, so that
  /// dropout does not depend on the number of workers.
  func balanced(_ indices: ArraySlice<Int>) -> [Int] {
    halved(
      indices.enumerated().sorted {
        let (a, b) = (length($0.element), length($1.element))
        return a != b ? a > b : $0.offset < $1.offset
      }.map(\.element))
  }

  /// Assigns each example, longest first, to the half with fewer tokens so far. (Graham, 1969.)
  private func halved(_ longestFirst: [Int]) -> [Int] {
    guard longestFirst.count > 2 else { return longestFirst }
    var left: [Int] = []
    var right: [Int] = []
    var excess = 0  // the tokens by which the left half exceeds the right one
    for index in longestFirst {
      let length = self.length(index)
      if excess <= 0 { left.append(index) } else { right.append(index) }
      excess += excess <= 0 ? length : -length
    }
    return halved(left) + halved(right)
  }

  /// Returns some of the examples as one packed batch.
  public func batch(_ indices: some Sequence<Int>) -> PackedBatch { texts.batch(indices) }
}
