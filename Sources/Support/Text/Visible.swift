/// A text as it may be shown on a terminal or in one line of a message: characters that would steer the terminal, reorder
/// or break the line, or stay invisible are spelled out, such as `\u{202e}`.
///
/// These are control characters, format characters (the bidirectional overrides, zero-width characters, and tags among
/// them), line and paragraph separators, and code points that are private or not assigned. A joiner within an emoji is
/// spelled out like any other: a terminal must not hide what a file contains. Text that was visible already is
/// returned unchanged.
///
/// - Parameter kept: Characters that stay all the same, such as tabs between columns that we print ourselves.
package func visible(_ text: String, keeping kept: [Unicode.Scalar] = []) -> String {
  guard text.utf8.contains(where: { !(0x20..<0x7F).contains($0) }) else { return text }
  var shown = ""
  for scalar in text.unicodeScalars {
    if steersTerminal(scalar), !kept.contains(scalar) {
      shown += "\\u{\(String(scalar.value, radix: 16))}"
    } else {
      shown.unicodeScalars.append(scalar)
    }
  }
  return shown
}

/// A name from a file, in quotes and safe in a line on a terminal.
///
/// The file may be hostile: see ``visible(_:keeping:)``. A long name is cut.
package func quoted(_ name: String) -> String {
  let scalars = name.unicodeScalars.prefix(121)
  let text = visible(String(String.UnicodeScalarView(scalars.prefix(120))))
  return scalars.count > 120 ? "'\(text)…'" : "'\(text)'"
}

/// JSON text in which characters that would steer a terminal are escaped as JSON allows (`\u202e`), so that it stays valid
/// and decodes to the same strings.
///
/// JSON contains such characters within strings only, apart from line feeds and tabs between values, which stay.
package func visibleJSON(_ json: String) -> String {
  guard json.utf8.contains(where: { !(0x20..<0x7F).contains($0) && $0 != 0x0A && $0 != 0x09 }) else { return json }
  var shown = ""
  for scalar in json.unicodeScalars {
    if steersTerminal(scalar), scalar != "\n", scalar != "\t" {
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

private func steersTerminal(_ scalar: Unicode.Scalar) -> Bool {
  if (0x20..<0x7F).contains(scalar.value) { return false }
  return switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
  default: false
  }
}
