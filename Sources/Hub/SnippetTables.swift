import Foundation
import GraftSupport

/// The rated sentences of Hutto and Gilbert as tables for training. ("VADER", ICWSM 2014.)
///
/// Each set becomes two tables: `sentence` and `label` for ratings of at least 0.5 or at most -0.5, and `sentence` and `rating`
/// for all sentences.
package enum SnippetTables {
  /// The sets: the folder for labels, and the file in the archive.
  static let sets = [
    ("film", "movieReviewSnippets"), ("amazon", "amazonReviewSnippets"), ("nyt", "nytEditorialSnippets"),
    ("tweets", "tweets"),
  ]

  /// Writes the tables of all sets.
  ///
  /// - Parameters:
  ///   - content: Returns the content of a file of the archive.
  ///   - folder: The folder, in which each set gets one folder with labels and one with ratings.
  /// - Throws: ``HubError/badArchive(file:reason:)``, or `FileError`.
  package static func write(to folder: String, content: (_ file: String) throws -> ArraySlice<UInt8>) throws {
    for (name, source) in sets {
      let file = "\(source)_GroundTruth.txt"
      let rows = try rows(content(file), of: file)
      for (split, isHeldOut) in [("train", false), ("dev", true)] {
        let part = rows.filter { $0.isHeldOut == isHeldOut }
        let labeled = part.filter { abs($0.rating) >= 0.5 }.map {
          "\($0.text)\t\($0.rating > 0 ? "positive" : "negative")"
        }
        for (set, column, lines) in [
          (name, "label", labeled), ("\(name)-rating", "rating", part.map { "\($0.text)\t\($0.rating)" }),
        ] {
          try makeFolder("\(folder)/\(set)")
          let table = (["sentence\t\(column)"] + lines).joined(separator: "\n") + "\n"
          try writeAtomically(table, to: "\(folder)/\(set)/\(split).tsv")
        }
      }
    }
  }

  private struct Row {
    let text: String
    let rating: Double
    let isHeldOut: Bool
  }

  /// Reads the rows of a file: number, mean rating, and text, separated by tabs. The first of several equal sentences is kept.
  private static func rows(_ content: ArraySlice<UInt8>, of file: String) throws -> [Row] {
    guard let text = String(validating: content, as: UTF8.self) else {
      throw HubError.badArchive(file: file, reason: "it is not UTF-8 text")
    }
    var seen: Set<String> = []
    return try text.split(whereSeparator: \.isNewline).compactMap { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count == 3, let rating = Double(fields[1]), abs(rating) <= 4 else {
        throw HubError.badArchive(file: file, reason: "a row does not have a number, a rating from -4 to 4, and a text")
      }
      let sentence = cleaned(fields[2])
      guard !sentence.isEmpty, seen.insert(key(sentence)).inserted else { return nil }
      // Sentences of one review or article, such as 12_1 and 12_2, stay together.
      let document = fields[0].split(separator: "_").first.map(String.init) ?? ""
      return Row(text: sentence, rating: rating, isHeldOut: isHeldOut(document, of: file))
    }
  }

  /// Whether a document belongs to the evaluation set: one in ten, chosen by its hash, so that the split is always the same.
  private static func isHeldOut(_ document: String, of file: String) -> Bool {
    let checksum = Checksum(.sha256)
    checksum.add("\(file) \(document)")
    return (Int(checksum.digits().prefix(8), radix: 16) ?? 0) % 10 == 0
  }

  /// Returns a text with single spaces and without character references, some of which were escaped repeatedly.
  private static func cleaned(_ text: Substring) -> String {
    var text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    while text.contains("&amp;") { text = text.replacing("&amp;", with: "&") }
    return text.replacing("&lt;", with: "<").replacing("&gt;", with: ">")
  }

  /// Returns what two sentences that count as equal have in common: their letters and digits.
  private static func key(_ text: String) -> String {
    let key = text.lowercased().filter { $0.isLetter || $0.isNumber }
    return key.isEmpty ? text : key
  }
}
