/// A name out of a file, in quotes and fit for a line on a terminal.
///
/// The file may be hostile: what does not print is spelt out, and what is long is cut.
package func quoted(_ name: String) -> String {
  let scalars = name.unicodeScalars.prefix(121)
  var text = ""
  for scalar in scalars.prefix(120) {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
      text += "\\u{\(String(scalar.value, radix: 16))}"
    default:
      text.unicodeScalars.append(scalar)
    }
  }
  return scalars.count > 120 ? "'\(text)…'" : "'\(text)'"
}
