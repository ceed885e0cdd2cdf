import GraftSupport

/// RoBERTa's tokenizer from a `vocab.json` and a `merges.txt`, a pair a line.
///
/// - Throws: ``TokenizerError`` when a special token is missing or a line is no pair, `FileError` or `JSONError` for the files.
func byteLevelParts(folder: String) throws -> ByteLevelTokenizer.Parts {
  let path = "\(folder)/vocab.json"
  let file = try MappedFile(path: path)
  let vocabulary = try withExtendedLifetime(file) {
    var reader = JSONReader(file.bytes, path: path)
    return try TokenizerFile.vocabulary(&reader)
  }
  let specials = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"].compactMap { name in
    vocabulary.id(of: name).map { AddedToken(id: $0, content: name, stripsLeft: name == "<mask>") }
  }
  func id(_ name: String) throws -> Int32 {
    guard let token = specials.first(where: { $0.content == name }) else {
      throw TokenizerError.missing(file: path, what: "the token \(name)")
    }
    return token.id
  }
  let model = try BytePairs(
    vocabulary: vocabulary, merges: readMerges("\(folder)/merges.txt"), unknown: nil, file: path)
  return ByteLevelTokenizer.Parts(
    file: path, words: ByteLevelWords(), added: specials, model: model,
    template: .roBERTa(classification: try id("<s>"), separator: try id("</s>")))
}

/// The two halves of a merge as older files write it.
func mergeHalves(_ line: String) -> [String] {
  line.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).map { String(Substring($0)) }
}

/// The first line may be a comment with the version.
private func readMerges(_ path: String) throws -> [(left: String, right: String)] {
  let file = try MappedFile(path: path)
  var merges: [(left: String, right: String)] = []
  for (number, line) in file.bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
    let bare = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    guard let text = String(validating: bare, as: UTF8.self) else {
      throw TokenizerError.invalid(file: path, reason: "line \(number + 1) is not UTF-8")
    }
    if number == 0, text.hasPrefix("#version") { continue }
    let halves = mergeHalves(text)
    guard halves.count == 2 else {
      throw TokenizerError.invalid(file: path, reason: "line \(number + 1) has \(halves.count) halves, expected 2")
    }
    merges.append((halves[0], halves[1]))
  }
  return merges
}
