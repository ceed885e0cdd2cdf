/// A token that is found as a whole, before words are split, as a tokenizer's files define it.
struct TokenDefinition: Sendable, Equatable {
  var content: String
  /// Only where no letter or digit touches it.
  var isSingleWord = false
  /// Includes the white space before it.
  var stripsLeft = false
  /// Includes the white space after it.
  var stripsRight = false
  /// Is looked for in the normalized text, itself normalized.
  var isNormalized = false
  /// Has a part in the encoding, such as `[SEP]`, and is left out when ids are decoded.
  var isSpecial = false
}

/// A token that is found as a whole, with its id.
struct AddedToken: Sendable, Equatable, CustomStringConvertible {
  let id: Int32
  let definition: TokenDefinition

  var content: String { definition.content }

  /// For the tokenizer's identity.
  var description: String {
    let token = definition
    return "\(id) \(token.isSingleWord) \(token.stripsLeft) \(token.stripsRight) \(token.isNormalized) \(token.content)"
  }
}

/// Finds added tokens in a text: of those that begin at the leftmost place the longest, then continues after it.
struct AddedTokenMatcher: Sendable {
  /// By their first code point, the longest first.
  private let tokens: [Unicode.Scalar: [(token: AddedToken, text: [Unicode.Scalar])]]

  init(_ tokens: [(token: AddedToken, text: [Unicode.Scalar])]) {
    let usable = tokens.filter { !$0.text.isEmpty }
    self.tokens = Dictionary(grouping: usable) { $0.text[0] }.mapValues { $0.sorted { $0.text.count > $1.text.count } }
  }

  /// Cuts a text: `body` gets an added token's id, or `nil` for what lies between, and the range.
  func forEachPart(of text: ArraySlice<Unicode.Scalar>, _ body: (Int32?, Range<Int>) -> Void) {
    if tokens.isEmpty { return body(nil, text.indices) }
    var (done, position) = (text.startIndex, text.startIndex)
    while position < text.endIndex {
      guard let (token, length) = token(at: position, in: text) else {
        position += 1
        continue
      }
      var (start, end) = (position, position + length)
      position = end
      let definition = token.definition
      if definition.isSingleWord, touchesWord(text, start, end) { continue }
      if definition.stripsLeft { while start > done, text[start - 1].properties.isWhitespace { start -= 1 } }
      if definition.stripsRight { while end < text.endIndex, text[end].properties.isWhitespace { end += 1 } }
      if done < start { body(nil, done..<start) }
      body(token.id, start..<end)
      done = end
    }
    if done < text.endIndex { body(nil, done..<text.endIndex) }
  }

  private func token(at position: Int, in text: ArraySlice<Unicode.Scalar>) -> (token: AddedToken, length: Int)? {
    guard let candidates = tokens[text[position]] else { return nil }
    return candidates.first { text[position...].starts(with: $0.text) }.map { ($0.token, $0.text.count) }
  }

  private func touchesWord(_ text: ArraySlice<Unicode.Scalar>, _ start: Int, _ end: Int) -> Bool {
    start > text.startIndex && text[start - 1].isWordCharacter || end < text.endIndex && text[end].isWordCharacter
  }
}

extension Unicode.Scalar {
  /// What `\w` takes in a regular expression. (Unicode Technical Standard 18, annex C.)
  fileprivate var isWordCharacter: Bool {
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: true
    default: properties.isAlphabetic || properties.isJoinControl
    }
  }
}
