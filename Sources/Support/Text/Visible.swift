/// Returns a text that is safe to show on a terminal or in a one-line message: characters that control the terminal, reorder
/// or break the line, or are invisible are escaped, such as `\u{202e}`.
///
/// These are control characters, format characters (including bidirectional overrides, zero-width characters, and tags), line
/// and paragraph separators, and private or unassigned code points. A joiner within an emoji is escaped like any other,
/// because a terminal must not hide what a file contains. Text without such characters is returned unchanged.
///
/// - Parameters:
///   - text: The text.
///   - kept: Characters that are not escaped, such as the tabs between printed columns.
package func visible(_ text: String, keeping kept: [Unicode.Scalar] = []) -> String {
  guard text.utf8.contains(where: { !(0x20..<0x7F).contains($0) }) else { return text }
  var shown = ""
  for scalar in text.unicodeScalars {
    if controlsTerminal(scalar), !kept.contains(scalar) {
      shown += "\\u{\(String(scalar.value, radix: 16))}"
    } else {
      shown.unicodeScalars.append(scalar)
    }
  }
  return shown
}

/// Returns a name from a file in quotes, safe to print on one line of a terminal.
///
/// The file may be hostile: see ``visible(_:keeping:)``. A long name is truncated.
package func quoted(_ name: String) -> String {
  let scalars = name.unicodeScalars.prefix(121)
  let text = visible(String(String.UnicodeScalarView(scalars.prefix(120))))
  return scalars.count > 120 ? "'\(text)…'" : "'\(text)'"
}

/// Returns JSON text in which characters that control a terminal are escaped as JSON allows (`\u202e`), so that it stays valid
/// and decodes to the same strings.
///
/// JSON contains such characters only within strings, apart from the line feeds and tabs between values, which stay.
package func visibleJSON(_ json: String) -> String {
  guard json.utf8.contains(where: { !(0x20..<0x7F).contains($0) && $0 != 0x0A && $0 != 0x09 }) else { return json }
  var shown = ""
  for scalar in json.unicodeScalars {
    if controlsTerminal(scalar), scalar != "\n", scalar != "\t" {
      for unit in String(scalar).utf16 {
        let digits = String(unit, radix: 16)
        shown += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    } else {
      shown.unicodeScalars.append(scalar)
    }
  }
  return shown
}

private func controlsTerminal(_ scalar: Unicode.Scalar) -> Bool {
  if (0x20..<0x7F).contains(scalar.value) { return false }
  return switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
  default: false
  }
}
