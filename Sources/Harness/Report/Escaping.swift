import GraftSupport

/// A text as HTML shows it, in an element or an attribute in quotes; line feeds and tabs stay.
func escaped(_ text: String) -> String {
  visible(text, keeping: ["\n", "\t"]).replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    .replacing(">", with: "&gt;").replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
}

/// A text that Markdown shows as it is, on one line and in the cell of a table: no markup, HTML, or links.
func inMarkdown(_ text: String) -> String {
  var shown = ""
  for character in visible(text).unicodeScalars {
    switch character {
    case "&": shown += "&amp;"
    case "<": shown += "&lt;"
    case ">": shown += "&gt;"
    case "\\", "`", "*", "_", "[", "]", "(", ")", "!", "#", "|", "~", "$": shown += "\\\(character)"
    // An address becomes a link by itself.
    case "@": shown += "&#64;"
    case ":" where shown.hasSuffix("http") || shown.hasSuffix("https") || shown.hasSuffix("ftp"): shown += "&#58;"
    case "." where shown.lowercased().hasSuffix("www"): shown += "&#46;"
    default: shown.unicodeScalars.append(character)
    }
  }
  return shown
}

/// A text as one cell of a CSV file, that a spreadsheet shows as it is: an apostrophe keeps what would be a formula a text.
func inCSV(_ text: String) -> String {
  var cell = visible(text)  // so there are no tabs and line ends either
  let first = cell.unicodeScalars.first { !$0.properties.isWhitespace }
  if let first, "=+-@＝＋－＠".unicodeScalars.contains(first) { cell = "'" + cell }
  let needsQuotes = cell.unicodeScalars.contains { ",;\"'".unicodeScalars.contains($0) }
  return needsQuotes ? "\"\(cell.replacing("\"", with: "\"\""))\"" : cell
}
