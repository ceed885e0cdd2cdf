import GraftSupport

/// Returns a text escaped for an HTML element or a quoted attribute; line feeds and tabs are kept.
func escaped(_ text: String) -> String {
  visible(text, keeping: ["\n", "\t"]).replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    .replacing(">", with: "&gt;").replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
}

/// Returns a text escaped for one line or table cell of Markdown, so that it has no markup, HTML, or links.
func inMarkdown(_ text: String) -> String {
  var result = ""
  for character in visible(text).unicodeScalars {
    switch character {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\\", "`", "*", "_", "[", "]", "(", ")", "!", "#", "|", "~", "$": result += "\\\(character)"
    // The next three cases prevent automatic links.
    case "@": result += "&#64;"
    case ":" where result.hasSuffix("http") || result.hasSuffix("https") || result.hasSuffix("ftp"): result += "&#58;"
    case "." where result.lowercased().hasSuffix("www"): result += "&#46;"
    default: result.unicodeScalars.append(character)
    }
  }
  return result
}

/// Returns a text as a CSV cell. An apostrophe before a text that a spreadsheet would evaluate as a formula keeps it a text.
func inCSV(_ text: String) -> String {
  var cell = visible(text)  // has no tabs or line ends
  let first = cell.unicodeScalars.first { !$0.properties.isWhitespace }
  if let first, "=+-@＝＋－＠".unicodeScalars.contains(first) { cell = "'" + cell }
  return csvField(cell, quotedFor: ",;\"'")
}
