import GraftSupport

/// Reads a list of labels that is written as a text, as spreadsheets and pandas save it.
enum WrittenList {
  /// Returns the items of a list in JSON or Python notation, such as `["a", "b"]`, `['a', 'b']`, or `[0, 1]`; `nil` if the text is
  /// not such a list.
  static func items(_ text: String) -> [String]? {
    guard hasBrackets(text) else { return nil }
    return jsonItems(text) ?? pythonItems(text.dropFirst().dropLast())
  }

  /// Whether a text begins and ends like a list.
  static func hasBrackets(_ text: String) -> Bool { text.hasPrefix("[") && text.hasSuffix("]") }

  /// Whether a text that is not a label was probably meant as a list: every part between commas begins like a text or is a number.
  static func isProbable(_ text: String) -> Bool {
    guard hasBrackets(text), text.count > 2 else { return false }
    return text.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false).allSatisfy { part in
      let item = part.drop { $0 == " " }
      return Double(item) != nil || item.hasPrefix("'") || item.hasPrefix("\"")
    }
  }

  private static func jsonItems(_ text: String) -> [String]? {
    let tree = Array(text.utf8).withUnsafeBytes { try? JSONTree($0, path: "") }
    guard let elements = tree?.elements else { return nil }
    let items = elements.compactMap { element -> String? in
      switch element {
      case .string(let text), .number(let text): text
      case .boolean(let flag): "\(flag)"
      case .null, .array, .object: nil
      }
    }
    return items.count == elements.count ? items : nil
  }

  /// An item is a number, or a text in single or double quotation marks with `\` before a quotation mark.
  private static func pythonItems(_ content: Substring) -> [String]? {
    var rest = content
    skipSpace(&rest)
    guard !rest.isEmpty else { return [] }
    var items: [String] = []
    while true {
      skipSpace(&rest)
      guard let item = rest.first.flatMap({ $0 == "'" || $0 == "\"" ? quotedItem(&rest, $0) : number(&rest) }) else {
        return nil
      }
      items.append(item)
      skipSpace(&rest)
      guard let next = rest.popFirst() else { return items }
      guard next == "," else { return nil }
    }
  }

  private static func skipSpace(_ rest: inout Substring) { rest = rest.drop { $0 == " " } }

  private static func number(_ rest: inout Substring) -> String? {
    let item = rest.prefix { $0 != "," && $0 != " " }
    rest = rest.dropFirst(item.count)
    return Double(item) == nil ? nil : String(item)
  }

  private static func quotedItem(_ rest: inout Substring, _ quote: Character) -> String? {
    rest = rest.dropFirst()
    var item = ""
    while let next = rest.popFirst() {
      if next == quote { return item }
      guard next == "\\" else {
        item.append(next)
        continue
      }
      guard let escaped = rest.popFirst(), ["'", "\"", "\\"].contains(escaped) else { return nil }
      item.append(escaped)
    }
    return nil
  }
}
