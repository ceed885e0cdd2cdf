package import GraftCore
package import GraftTokenizers

/// Tokenized texts, ready to be packed into batches.
///
/// Two arrays hold the tokens of all texts, because one array per text would take more memory than the tokens of a short text.
package struct EncodedTexts: Sendable {
  /// The number of truncated texts.
  package private(set) var truncated = 0
  private var ids: [Int32] = []
  private var typeIDs: [Int32] = []
  /// The position of each text's tokens.
  private var spans: [Span]

  private struct Span {
    var start = 0
    var count: Int32 = 0
  }

  /// Allocates space for texts that are set in any order.
  package init(count: Int) { spans = Array(repeating: Span(), count: count) }

  /// Tokenizes one text. Each index is set exactly once.
  package mutating func set(_ index: Int, to text: String, pair: String?, tokenizer: any Tokenizer, maxLength: Int) {
    let encoding = tokenizer.encode(text, pair: pair, maxLength: maxLength)
    // Only a text with exactly maxLength tokens can have been truncated.
    if encoding.ids.count == maxLength,
      tokenizer.encode(text, pair: pair, maxLength: maxLength + 1).ids.count > maxLength
    {
      truncated += 1
    }
    spans[index] = Span(start: ids.count, count: Int32(encoding.ids.count))
    ids += encoding.ids
    typeIDs += encoding.typeIDs
  }

  /// The number of texts.
  package var count: Int { spans.count }
  /// The number of tokens of all texts.
  package var tokenCount: Int { ids.count }

  /// Returns the number of tokens of a text.
  package func length(_ index: Int) -> Int { Int(spans[index].count) }

  /// Returns some of the texts as one packed batch.
  package func batch(_ indices: some Sequence<Int>) -> PackedBatch {
    var batch = PackedBatch()
    for index in indices {
      let tokens = spans[index].start..<spans[index].start + length(index)
      batch.append(ids: Array(ids[tokens]), typeIDs: Array(typeIDs[tokens]))
    }
    return batch
  }
}
