import Foundation
import GraftTestSupport
import GraftTokenizers
import Testing

/// Tests with the real vocabulary of all-MiniLM-L6-v2 (fetched by `make base`) and, if `GLUE_DIR` is set, with GLUE.
@Suite(.enabled(if: RealBase.folder != nil, "the base is not in the cache: run 'make base'"))
struct RealTextTests {
  private func tokenizer() throws -> any Tokenizer { try loadTokenizer(folder: try #require(RealBase.folder)) }

  private struct RealGoldens: Decodable {
    let ids: [[Int32]]
    let pairs: [Goldens.Pair]
  }

  @Test func `the real vocabulary produces the library's ids for difficult texts and pairs`() throws {
    let goldens: RealGoldens = try Goldens.read("minilm-goldens.json")
    let tokenizer = try tokenizer()
    for (text, expected) in zip(try Goldens.nastyTexts(), goldens.ids) {
      #expect(tokenizer.encode(text, pair: nil, maxLength: 512).ids == expected, "\(text.debugDescription)")
    }
    for pair in goldens.pairs {
      let encoding = tokenizer.encode(pair.first, pair: pair.second, maxLength: pair.length)
      #expect(encoding.ids == pair.ids && encoding.typeIDs == pair.types, "\(pair.first.prefix(30)), \(pair.length)")
    }
  }

  private struct GlueFile: Decodable {
    let file: String, header: Bool, columns: [Int], sentences: Int, digest: String, pairs: String?
  }

  @Test(.enabled(if: RealBase.glue != nil, "GLUE_DIR is not set"))
  func `every sentence of five GLUE tasks has the library's ids`() throws {
    try compare("glue.json", with: tokenizer())
    try compare("byte-level/glue.json", with: loadTokenizer(folder: Goldens.url("byte-level").path))
  }

  private func compare(_ name: String, with tokenizer: any Tokenizer) throws {
    let files: [GlueFile] = try Goldens.read(name)
    var total = 0
    for entry in files {
      let url = URL(fileURLWithPath: try #require(RealBase.glue)).appendingPathComponent(entry.file)
      let rows = rows(try String(contentsOf: url, encoding: .utf8), entry)
      var (singles, pairs) = (Digest(), Digest())
      for row in rows {
        for text in row { singles.update(tokenizer.encode(text, pair: nil, maxLength: 256)) }
        if row.count == 2 { pairs.update(tokenizer.encode(row[0], pair: row[1], maxLength: 256)) }
      }
      #expect(rows.count * entry.columns.count == entry.sentences, "\(entry.file)")
      #expect("\(singles)" == entry.digest, "\(entry.file)")
      #expect(entry.pairs.map { $0 == "\(pairs)" } ?? true, "\(entry.file), pairs")
      total += entry.sentences
    }
    print("\(total) sentences of GLUE, equal to the tokenizers library")
    #expect(total > 50_000)
  }

  private func rows(_ text: String, _ entry: GlueFile) -> [[String]] {
    let lines = text.utf8.split(separator: UInt8(ascii: "\n")).dropFirst(entry.header ? 1 : 0)
    return lines.compactMap { line in
      let content = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      let fields = content.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false).map {
        String($0) ?? ""
      }
      return fields.count > (entry.columns.last ?? 0) ? entry.columns.map { fields[$0] } : nil
    }
  }
}
