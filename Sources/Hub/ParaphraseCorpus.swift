import Foundation
import GraftSupport

/// The Microsoft Research Paraphrase Corpus. Its license does not allow redistribution in GLUE's format, so it consists of two
/// original files and GLUE's list of evaluation pairs. (Dolan and Brockett, 2005.)
package enum ParaphraseCorpus {
  private static let train = TaskArchive.File(
    path: "senteval/senteval_data/msr_paraphrase_train.txt", size: 1_047_044,
    hash: .sha256("60a9b09084528f0673eedee2b69cb941920f0b8cd0eeccefc464a98768457f89"))
  private static let test = TaskArchive.File(
    path: "senteval/senteval_data/msr_paraphrase_test.txt", size: 441_275,
    hash: .sha256("a04e271090879aaba6423d65b94950c089298587d9c084bf9cd7439bd785f784"))
  private static let heldOut = TaskArchive.File(
    path: "glue/data/mrpc_dev_ids.tsv", size: 6222,
    hash: .sha256("971d7767d81b997fd9060ade0ec23c4fc31cbb226a55d1bd4a1bac474eb81dc7"))

  package static let archive = TaskArchive(folder: "MRPC", files: [train, test, heldOut])

  /// Writes `train.tsv`, `dev.tsv`, and `test.tsv` like GLUE's own script.
  package static func divide(in folder: String) throws {
    let (header, rows) = try table(train.name, in: folder)
    let ids = try Set(lines(heldOut.name, in: folder).map { $0.trimmingCharacters(in: .whitespaces) })
    let isHeldOut = rows.map { ids.contains($0[1...2].joined(separator: "\t")) }
    for (name, wanted) in [("train.tsv", false), ("dev.tsv", true)] {
      let chosen = zip(rows, isHeldOut).filter { $0.1 == wanted }.map { $0.0.joined(separator: "\t") }
      try write([header] + chosen, to: "\(folder)/\(name)")
    }
    let tests = try table(test.name, in: folder).rows.enumerated().map { index, row in
      (["\(index)"] + row[1...]).joined(separator: "\t")
    }
    try write(["index\t#1 ID\t#2 ID\t#1 String\t#2 String"] + tests, to: "\(folder)/test.tsv")
  }

  /// Returns the header and the rows of five fields: label, two ids, two texts.
  private static func table(_ name: String, in folder: String) throws -> (header: String, rows: [[String]]) {
    let lines = try lines(name, in: folder)
    let rows = lines.dropFirst().map { line in
      line.trimmingCharacters(in: .whitespaces).split(separator: "\t", omittingEmptySubsequences: false).map(
        String.init)
    }
    guard let header = lines.first, rows.allSatisfy({ $0.count == 5 }) else {
      throw HubError.badArchive(file: name, reason: "a row does not have five fields")
    }
    return (header, rows)
  }

  private static func lines(_ name: String, in folder: String) throws -> [String] {
    let file = try MappedFile(path: "\(folder)/\(name)")
    let text = String(decoding: file.bytes, as: UTF8.self)
    return text.split(whereSeparator: \.isNewline).map(String.init)
  }

  private static func write(_ lines: [String], to path: String) throws {
    try writeAtomically(lines.joined(separator: "\n") + "\n", to: path)
  }
}
