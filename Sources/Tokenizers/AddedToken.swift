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
  /// A trie over code points, so that it does not matter how many tokens begin alike. Nodes are numbers, the root is 0.
  private var edges: [Edge: Int] = [:]
  /// The tokens by the nodes that they end at.
  private var tokens: [Int: AddedToken] = [:]

  private struct Edge: Hashable {
    let node: Int
    let scalar: Unicode.Scalar
  }

  /// - Parameter tokens: The tokens with the text that each is looked for as; of two with one text the first counts.
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
    var found: (AddedToken, Int)?
    var (node, end) = (0, position)
    while end < text.endIndex, let next = edges[Edge(node: node, scalar: text[end])] {
      node = next
      end = end + 1
      if let token = tokens[node] { found = (token, end - position) }
    }
    return found
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
