/// A text that is compared by its bytes.
///
/// Swift strings with two encodings of one accent are equal; in JSON, in tables, and in Python they are different.
package struct ExactText: Hashable, Sendable {
  /// The text.
  package let text: String

  /// Wraps a text.
  package init(_ text: String) { self.text = text }

  package static func == (first: ExactText, second: ExactText) -> Bool {
    first.text.utf8.elementsEqual(second.text.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}

/// Returns the first text that occurs a second time, compared by bytes.
package func firstDuplicate(in texts: some Sequence<String>) -> String? {
  var seen: Set<ExactText> = []
  return texts.first { !seen.insert(ExactText($0)).inserted }
}
