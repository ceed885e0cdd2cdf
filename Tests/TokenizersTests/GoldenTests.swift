import Foundation
import GraftTestSupport
import GraftTokenizers
import Testing

struct GoldenTests {
  /// Returns a tokenizer with the small vocabulary and a variant's settings, read from a file like a user's.
  private func tokenizer(_ variant: Goldens.Variant, in folder: TemporaryFolder) throws -> any Tokenizer {
    let whole = try String(contentsOf: Goldens.url("small/tokenizer.json"), encoding: .utf8)
    let model = whole[try #require(whole.range(of: "\"model\":")).lowerBound...]
    try folder.write(variant.settings.dropLast() + "," + model, to: "tokenizer.json")
    return try loadTokenizer(folder: folder.path)
  }

  @Test func `every variant produces the library's ids for every difficult text`() throws {
    let goldens: Goldens.Variants = try Goldens.read("small-goldens.json")
    let nasty = try Goldens.nastyTexts()
    #expect(goldens.variants.count == 12 && nasty.count > 100)
    let folder = try TemporaryFolder()
    for variant in goldens.variants {
      let tokenizer = try tokenizer(variant, in: folder)
      let texts = nasty + goldens.added
      for (text, expected) in zip(texts, variant.ids) {
        #expect(
          tokenizer.encode(text, pair: nil, maxLength: 512).ids == expected, "\(variant.name): \(text.debugDescription)"
        )
      }
    }
  }

  @Test func `every variant truncates pairs like the library`() throws {
    let goldens: Goldens.Variants = try Goldens.read("small-goldens.json")
    let folder = try TemporaryFolder()
    // The digest does not include the long pairs, nor the length 3, which is too short for one of the templates.
    let pairs = goldens.pairs.filter { $0.first.count < 100 && $0.length >= 4 }
    for variant in goldens.variants {
      let tokenizer = try tokenizer(variant, in: folder)
      var digest = Digest()
      for pair in pairs { digest.update(tokenizer.encode(pair.first, pair: pair.second, maxLength: pair.length)) }
      #expect("\(digest)" == variant.pairs, "\(variant.name)")
    }
  }

  @Test func `pairs are truncated longest first at every length`() throws {
    let goldens: Goldens.Variants = try Goldens.read("small-goldens.json")
    let tokenizer = try loadTokenizer(folder: Goldens.url("small").path)
    for pair in goldens.pairs {
      let encoding = tokenizer.encode(pair.first, pair: pair.second, maxLength: pair.length)
      #expect(encoding.ids == pair.ids && encoding.typeIDs == pair.types, "\(pair.first.prefix(30)), \(pair.length)")
    }
  }

  @Test func `every code point is cleaned, stripped, lowercased, and split as in the library`() throws {
    let expected: [String: [String]] = try Goldens.read("code-points.json")
    let normalizers = [
      "uncased": BertNormalizer(),
      "cased": BertNormalizer(stripsAccents: false, lowersCase: false),
      "neither cleaned nor isolated": BertNormalizer(cleansText: false, isolatesChinese: false, stripsAccents: false),
    ]
    for (name, normalizer) in normalizers {
      let blocks = try #require(expected[name])
      for (block, digest) in blocks.enumerated() {
        #expect(codePoints(block, normalizer) == digest, "\(name), block \(block)")
      }
    }
  }

  /// Returns the digest of a block of 4,096 code points: each alone, between letters, and between marks that are sorted.
  private func codePoints(_ block: Int, _ normalizer: BertNormalizer) -> String {
    var digest = Digest()
    for code in block << 12..<(block + 1) << 12 {
      guard let scalar = Unicode.Scalar(UInt32(code)) else { continue }
      for text in ["\(scalar)", "a\(scalar)b", "\u{1d16d}\(scalar)\u{1d165}"] {
        let normalized = normalizer.normalize(text.unicodeScalars)
        var words: [String] = []
        forEachWord(of: normalized[...]) { words.append(String(String.UnicodeScalarView($0))) }
        digest.update(words: words)
      }
    }
    return "\(digest)"
  }

  @Test func `vocab txt and tokenizer json of one model yield the same tokenizer`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Data(contentsOf: Goldens.url("small/vocab.txt")), to: "vocab.txt")
    let fromText = try loadTokenizer(folder: folder.path)
    let fromJSON = try loadTokenizer(folder: Goldens.url("small").path)
    #expect(fromText.identityBytes == fromJSON.identityBytes)
    let lines = try folder.read("vocab.txt").utf8.split(separator: UInt8(ascii: "\n"))
    #expect(fromText.vocabularySize == lines.count)
    for text in try Goldens.nastyTexts() {
      #expect(fromText.encode(text, pair: nil, maxLength: 99) == fromJSON.encode(text, pair: nil, maxLength: 99))
    }
  }

  @Test func `vocab txt follows the switches in tokenizer_config json`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Data(contentsOf: Goldens.url("small/vocab.txt")), to: "vocab.txt")
    try folder.write(#"{"do_lower_case": false, "strip_accents": null}"#, to: "tokenizer_config.json")
    let goldens: Goldens.Variants = try Goldens.read("small-goldens.json")
    let cased = try #require(goldens.variants.first { $0.name == "cased" })
    let tokenizer = try loadTokenizer(folder: folder.path)
    for (text, expected) in zip(try Goldens.nastyTexts(), cased.ids) {
      #expect(tokenizer.encode(text, pair: nil, maxLength: 512).ids == expected)
    }
  }
}
