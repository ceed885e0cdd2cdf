public import GraftCore
public import GraftTokenizers

/// Examples as ids, ready to be packed.
public struct EncodedExamples: Sendable {
  /// Each example's tokens.
  public let encodings: [Encoding]
  /// Each example's class.
  public let labels: [Int]

  /// Tokenizes examples; longer ones are truncated to `maxLength` tokens.
  public init(_ examples: [Example], tokenizer: any Tokenizer, maxLength: Int) {
    encodings = examples.map { tokenizer.encode($0.text, pair: nil, maxLength: maxLength) }
    labels = examples.map(\.label)
  }

  /// The number of examples.
  public var count: Int { labels.count }

  /// Some of the examples as one packed batch.
  public func batch(_ indices: some Sequence<Int>) -> PackedBatch {
    var batch = PackedBatch()
    for index in indices { batch.append(ids: encodings[index].ids, typeIDs: encodings[index].typeIDs) }
    return batch
  }
}
