import GraftSupport

/// RoBERTa's tokenizer from a `vocab.json` and the `merges.txt` next to it, a pair a line.
///
/// - Throws: ``TokenizerError`` when the vocabulary lacks a special token or a line is not a pair, `FileError` or `JSONError` for the
///   files.
func byteLevelParts(
  vocabulary path: String, _ settings: TokenizerSettings, _ tokenizerClass: TokenizerClass, notes: [String]
) throws -> (TokenizerParts, notes: [String]) {
  let (model, mergeNotes) = try readBytePairs(vocabulary: path, merges: settings.path("merges.txt"))
  func id(_ role: String) throws -> Int32 {
    try settings.special(role, of: tokenizerClass, in: model.vocabulary, file: path).id
  }
  let parts = TokenizerParts(
    file: path, words: .byteLevel(ByteLevelWords(), model),
    template: .roBERTa(classification: try id("cls_token"), separator: try id("sep_token")))
  return (parts, notes + mergeNotes)
}

/// The model of a `vocab.json` and a `merges.txt`.
func readBytePairs(vocabulary path: String, merges mergePath: String) throws -> (model: BytePairs, notes: [String]) {
  let file = try MappedFile(path: path)
  let vocabulary = try withExtendedLifetime(file) {
    var reader = JSONReader(file.bytes, path: path)
    let vocabulary = try TokenizerFile.vocabulary(&reader)
    reader.skipSpace()
    guard reader.next == nil else { throw reader.unexpected("the end of the file") }
    return vocabulary
  }
  let (merges, notes) = try readMerges(mergePath)
  return (try BytePairs(vocabulary: vocabulary, merges: merges, unknown: nil, file: path), notes)
}

/// The two halves of a merge as older files write it.
func mergeHalves(_ line: String) -> [String] {
  line.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).map { String(Substring($0)) }
}

/// transformers leaves out the first line, which is a comment with the version, and what follows the last line feed, even where these
/// are merges; a note says so then.
private func readMerges(_ path: String) throws -> (merges: [(left: String, right: String)], notes: [String]) {
  let file = try MappedFile(path: path)
  let lines = file.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  var merges: [(left: String, right: String)] = []
  var notes: [String] = []
  for (number, line) in lines.enumerated() {
    let bare = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    guard let text = String(validating: bare, as: UTF8.self) else {
      throw TokenizerError.invalid(file: path, reason: "line \(number + 1) is not UTF-8; is it a list of merges?")
    }
    if number == 0 || number == lines.count - 1 {
      guard !text.isEmpty, !text.hasPrefix("#version") else { continue }
      notes.append(
        "\(path): line \(number + 1), \(quoted(text)), was left out, as by transformers: "
          + (number == 0 ? "it stands in place of the version" : "no line feed ends it"))
      continue
    }
    if text.isEmpty { continue }
    let halves = mergeHalves(text)
    guard halves.count == 2 else {
      throw TokenizerError.invalid(
        file: path, reason: "line \(number + 1) has \(halves.count) parts, expected the 2 halves of a merge")
    }
    merges.append((halves[0], halves[1]))
  }
  return withExtendedLifetime(file) { (merges, notes) }
}
