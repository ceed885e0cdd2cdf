import Foundation
import GraftTestSupport
import GraftTokenizers
import Testing

/// Compares RoBERTa's kind of tokenizer with the real library (`Tests/Goldens/byte_level_goldens.py`).
struct ByteLevelTests {
  private struct ByteLevelGoldens: Decodable {
    let more: [String]
    let variants: [Goldens.Variant]
  }

  /// Returns a tokenizer with the small vocabulary and a variant's settings, read from a file like a user's.
  private func tokenizer(_ variant: Goldens.Variant, in folder: TemporaryFolder) throws -> any Tokenizer {
    let whole = try String(contentsOf: Goldens.url("byte-level/tokenizer.json"), encoding: .utf8)
    let model = whole[try #require(whole.range(of: "\"model\":")).lowerBound...]
    try folder.write(variant.settings.dropLast() + "," + model, to: "tokenizer.json")
    return try loadTokenizer(folder: folder.path)
  }

  @Test func `every variant produces the library's ids for every difficult text and pair`() throws {
    let goldens: ByteLevelGoldens = try Goldens.read("byte-level/goldens.json")
    let texts = try Goldens.nastyTexts() + goldens.more
    let small: Goldens.Variants = try Goldens.read("small-goldens.json")
    let pairs = small.pairs.filter { $0.first.count < 100 && $0.length >= 4 }
    let folder = try TemporaryFolder()
    #expect(goldens.variants.count == 4)
    for variant in goldens.variants {
      let tokenizer = try tokenizer(variant, in: folder)
      #expect(variant.ids.count == texts.count)
      for (text, expected) in zip(texts, variant.ids) {
        #expect(
          tokenizer.encode(text, pair: nil, maxLength: 512).ids == expected, "\(variant.name): \(text.debugDescription)"
        )
      }
      var digest = Digest()
      for pair in pairs { digest.update(tokenizer.encode(pair.first, pair: pair.second, maxLength: pair.length)) }
      #expect("\(digest)" == variant.pairs, "\(variant.name)")
    }
  }

  @Test func `vocab json with merges and tokenizer json yield the same tokenizer`() throws {
    let folder = try TemporaryFolder()
    for name in ["vocab.json", "merges.txt"] {
      try folder.write(Data(contentsOf: Goldens.url("byte-level/\(name)")), to: name)
    }
    let fromText = try loadTokenizer(folder: folder.path)
    let fromJSON = try loadTokenizer(folder: Goldens.url("byte-level").path)
    #expect(fromText.identityBytes == fromJSON.identityBytes)
    #expect(fromText.typeCount == 1 && fromText.classificationID == 0 && fromText.separatorID == 2)
    for text in try Goldens.nastyTexts() {
      #expect(fromText.encode(text, pair: "x", maxLength: 99) == fromJSON.encode(text, pair: "x", maxLength: 99))
    }
  }

  /// With a linear search for every merge, this would take hours.
  @Test func `a word of a hundred thousand letters is encoded quickly`() throws {
    let tokenizer = try loadTokenizer(folder: Goldens.url("byte-level").path)
    #expect(tokenizer.encode(String(repeating: "ab", count: 50_000), pair: nil, maxLength: 64).ids.count == 64)
  }

  @Test(arguments: [
    (#""dropout": null"#, #""dropout": 0.1"#, "the model is 'dropout', but only plain byte-level BPE is supported"),
    (#""ignore_merges": false"#, #""ignore_merges": true"#, "the model is 'ignore_merges'"),
    (#""type": "ByteLevel""#, #""type": "Metaspace""#, "the pre_tokenizer is 'Metaspace', but only"),
    (#""Ġ","#, #""Ġ ","#, "merge "), (#""<s>": 0"#, #""<s>": -1"#, "tokenizer.json"),
  ])
  func `unsupported features are refused`(part: String, other: String, expected: String) throws {
    let folder = try TemporaryFolder()
    let whole = try String(contentsOf: Goldens.url("byte-level/tokenizer.json"), encoding: .utf8)
    let changed = whole.replacing(part, with: other, maxReplacements: part.contains("Ġ") ? 2 : 1)
    try #require(changed != whole)
    try folder.write(changed, to: "tokenizer.json")
    let error = #expect(throws: (any Error).self) { try loadTokenizer(folder: folder.path) }
    #expect("\(error.map { "\($0)" } ?? "")".contains(expected), "\(error.map { "\($0)" } ?? "")")
  }
}
