/// Reads a list of labels that is written as a text, as spreadsheets and pandas save it.
enum WrittenList {
  /// Returns the items of a list in JSON or Python notation, such as `["a", "b"]`, `['a', 'b']`, or `[0, 1]`; `nil` if the text is
  /// not a list. An item is a number, or a text in single or double quotation marks with `\` before a quotation mark.
  static func items(_ text: String) -> [String]? {
    guard text.hasPrefix("["), text.hasSuffix("]") else { return nil }
    var rest = text.dropFirst().dropLast()
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
