import GraftSupport

/// Reads RoBERTa's tokenizer from a `vocab.json` and the `merges.txt` in the same folder, which has one merge per line.
///
/// - Throws: ``TokenizerError`` when the vocabulary lacks a special token or a line is not a merge, `FileError` or
///   `JSONError` for the files themselves.
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

/// Reads the BPE model from a `vocab.json` and a `merges.txt`.
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

/// Splits a merge in the notation of older files into its two halves.
func mergeHalves(_ line: String) -> [String] {
  line.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).map { String(Substring($0)) }
}

/// Reads merges as transformers does: it skips the first line, which is a comment with the version, and any text after the last
/// line feed, even where these are merges. In that case a note is added.
private func readMerges(_ path: String) throws -> (merges: [(left: String, right: String)], notes: [String]) {
  let file = try MappedFile(path: path)
  let lines = file.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  var merges: [(left: String, right: String)] = []
  var notes: [String] = []
  for (number, line) in lines.enumerated() {
    let bare = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    guard let text = String(validating: bare, as: UTF8.self) else {
      throw TokenizerError.invalid(file: path, reason: "line \(number + 1) is not valid UTF-8; is it a list of merges?")
    }
    if number == 0 || number == lines.count - 1 {
      guard !text.isEmpty, !text.hasPrefix("#version") else { continue }
      notes.append(
        "\(path): line \(number + 1), \(quoted(text)), was skipped, as in transformers: "
          + (number == 0 ? "the first line is reserved for the version" : "it does not end with a line feed"))
      continue
    }
    if text.isEmpty { continue }
    let halves = mergeHalves(text)
    guard halves.count == 2 else {
      throw TokenizerError.invalid(
        file: path, reason: "line \(number + 1) has \(halves.count) parts, expected 2")
    }
    merges.append((halves[0], halves[1]))
  }
  return withExtendedLifetime(file) { (merges, notes) }
}
