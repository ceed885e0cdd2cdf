/// Returns a text as a field of CSV, quoted as in RFC 4180 if it contains one of the characters.
///
/// The text is searched by scalars: a comma followed by a combining accent is still a separator for programs that read the file.
func csvField(_ text: String, quotedFor marks: String = ",\"\n\r") -> String {
  let scalars = text.unicodeScalars
  let isPadded = scalars.first == " " || scalars.last == " "
  guard isPadded || scalars.contains(where: { marks.unicodeScalars.contains($0) }) else { return text }
  var field = "\""
  for scalar in scalars {
    if scalar == "\"" { field.unicodeScalars.append(scalar) }
    field.unicodeScalars.append(scalar)
  }
  return field + "\""
}
