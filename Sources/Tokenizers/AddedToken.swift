/// A token that is matched as a whole before words are split, as defined in a tokenizer's files.
struct TokenDefinition: Sendable, Equatable {
  var content: String
  /// Whether the token matches only where no letter or digit is adjacent.
  var isSingleWord = false
  /// Whether a match includes the white space before it.
  var stripsLeft = false
  /// Whether a match includes the white space after it.
  var stripsRight = false
  /// Whether the normalized token is matched in the normalized text.
  var isNormalized = false
  /// Whether the token has a role in the encoding, such as `[SEP]`, and is omitted when ids are decoded.
  var isSpecial = false
}

/// A token that is matched as a whole, with its id.
struct AddedToken: Sendable, Equatable, CustomStringConvertible {
  let id: Int32
  let definition: TokenDefinition

  var content: String { definition.content }

  /// A canonical form, for the tokenizer's identity.
  var description: String {
    let token = definition
    return "\(id) \(token.isSingleWord) \(token.stripsLeft) \(token.stripsRight) \(token.isNormalized) \(token.content)"
  }
}

/// Finds added tokens in a text: the longest match at the leftmost position; the search continues after it.
struct AddedTokenMatcher: Sendable {
  /// A trie over code points, so the time does not depend on the number of tokens. Nodes are numbers; the root is 0.
  private var edges: [Edge: Int] = [:]
  /// The tokens by their final nodes.
  private var tokens: [Int: AddedToken] = [:]

  private struct Edge: Hashable {
    let node: Int
    let scalar: Unicode.Scalar
  }

  /// Creates a matcher.
  ///
  /// - Parameter tokens: The tokens, each with the text to match; of two tokens with the same text, the first one is used.
  init(_ tokens: [(token: AddedToken, text: [Unicode.Scalar])]) {
    for (token, text) in tokens where !text.isEmpty {
      var node = 0
      for scalar in text {
        let next = edges[Edge(node: node, scalar: scalar)] ?? edges.count + 1
        edges[Edge(node: node, scalar: scalar)] = next
        node = next
      }
      if self.tokens[node] == nil { self.tokens[node] = token }
    }
  }

  /// Splits a text: calls `body` with the id of an added token, or `nil` for the text between tokens, and the range.
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
    var longest: (AddedToken, Int)?
    var (node, end) = (0, position)
    while end < text.endIndex, let next = edges[Edge(node: node, scalar: text[end])] {
      node = next
      end = end + 1
      if let token = tokens[node] { longest = (token, end - position) }
    }
    return longest
  }

  private func touchesWord(_ text: ArraySlice<Unicode.Scalar>, _ start: Int, _ end: Int) -> Bool {
    start > text.startIndex && text[start - 1].isWordCharacter || end < text.endIndex && text[end].isWordCharacter
  }
}

extension Unicode.Scalar {
  /// Whether `\w` matches the character in a regular expression. (Unicode Technical Standard 18, annex C.)
  fileprivate var isWordCharacter: Bool {
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: true
    default: properties.isAlphabetic || properties.isJoinControl
    }
  }
}
