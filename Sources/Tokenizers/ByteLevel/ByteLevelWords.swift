/// Splits a text into words, each with the space before it, like GPT-2's pattern
/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
package struct ByteLevelWords: Sendable, Equatable, CustomStringConvertible {
  /// Whether a space is added before a text that does not begin with one.
  package var addsPrefixSpace: Bool
  /// Whether the text is split.
  package var splits: Bool

  /// Creates a splitter; the defaults are RoBERTa's: no space is added, and the text is split.
  package init(addsPrefixSpace: Bool = false, splits: Bool = true) {
    self.addsPrefixSpace = addsPrefixSpace
    self.splits = splits
  }

  /// A canonical form, for the tokenizer's identity.
  package var description: String { "\(addsPrefixSpace) \(splits)" }

  /// Calls `body` with every word.
  package func forEach(of text: ArraySlice<Unicode.Scalar>, _ body: (ArraySlice<Unicode.Scalar>) -> Void) {
    guard !text.isEmpty else { return }
    let text = addsPrefixSpace && text.first != " " ? [" "] + text : text
    guard splits else { return body(text) }
    var start = text.startIndex
    while start < text.endIndex {
      let end = Self.end(of: text, from: start)
      body(text[start..<end])
      start = end
    }
  }

  private enum Kind { case letter, number, space, other }

  private static func kind(_ scalar: Unicode.Scalar) -> Kind {
    if scalar.isByteLevelLetter { return .letter }
    if scalar.isByteLevelSpace { return .space }
    return scalar.isByteLevelNumber ? .number : .other
  }

  /// Returns the end of the word that begins at `start`, trying the pattern's alternatives in order.
  private static func end(of text: ArraySlice<Unicode.Scalar>, from start: Int) -> Int {
    if text[start] == "'", let end = contraction(in: text, from: start) { return end }
    let first = text[start] == " " && start + 1 < text.endIndex ? start + 1 : start
    let kind = kind(text[first])
    if kind != .space { return run(of: kind, in: text, from: first) }
    // A run of white space excludes its last character before a word; the word includes it if it is a plain space.
    let end = run(of: .space, in: text, from: start)
    return end == text.endIndex || end == start + 1 ? end : end - 1
  }

  private static func run(of kind: Kind, in text: ArraySlice<Unicode.Scalar>, from start: Int) -> Int {
    var end = start
    while end < text.endIndex, Self.kind(text[end]) == kind { end += 1 }
    return end
  }

  private static let contractions: [[Unicode.Scalar]] = ["s", "t", "re", "ve", "m", "ll", "d"].map {
    Array($0.unicodeScalars)
  }

  private static func contraction(in text: ArraySlice<Unicode.Scalar>, from start: Int) -> Int? {
    contractions.first { text[(start + 1)...].starts(with: $0) }.map { start + 1 + $0.count }
  }
}
