import Foundation

/// Reads label names that the user gives on the command line or in a file.
public enum LabelNames {
  /// The maximum number of label names.
  package static let maximumCount = 10_000

  /// Reads names from a text: separated by commas, with names that contain a comma in quotes as in CSV
  /// (`"billing, refunds",bugs`), or as a JSON list (`["billing, refunds", "bugs"]`). Spaces around a name are ignored.
  ///
  /// - Parameters:
  ///   - text: The names.
  ///   - source: The name of the text's source in messages, such as `--labels`.
  /// - Returns: The names.
  /// - Throws: ``LabelError`` if the list is malformed, empty, or too long, or has an empty or duplicate name.
  public static func parse(_ text: String, source: String = "--labels") throws -> [String] {
    try check(isList(text) ? list(text, source) : fields(text, source), source)
  }

  /// Reads names from a file, one per line, or as a JSON list. Spaces around a name are ignored.
  ///
  /// - Throws: `FileError`, or ``LabelError`` if the list is malformed, empty, or too long, or has an empty or duplicate name.
  public static func read(file: String) throws -> [String] {
    guard var text = String(validating: try readFile(file), as: UTF8.self) else {
      throw LabelError(source: file, reason: "the file is not UTF-8")
    }
    if text.hasPrefix("\u{FEFF}") { text.removeFirst() }
    if text.trimmingCharacters(in: .whitespacesAndNewlines).hasPrefix("[\"") { return try parse(text, source: file) }
    var lines = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n").split(
      separator: "\n", omittingEmptySubsequences: false
    ).map { $0.trimmingCharacters(in: .whitespaces) }
    while lines.last?.isEmpty == true { lines.removeLast() }
    if let empty = lines.firstIndex(where: \.isEmpty) {
      throw LabelError(source: file, reason: "line \(empty + 1) is empty, expected one name per line")
    }
    return try check(lines, file)
  }

  /// Returns the names as a comma-separated list that is safe to print on one line of a terminal. The names are quoted if one of
  /// them is empty, contains a comma, or has spaces around it.
  ///
  /// - Parameters:
  ///   - names: The names.
  ///   - most: The maximum number of listed names; the text ends with the number of omitted ones.
  public static func text(_ names: [String], most: Int = .max) -> String {
    let needQuotes = names.contains { $0.contains(",") || $0.trimmingCharacters(in: .whitespaces) != $0 || $0.isEmpty }
    let shown = names.prefix(most).map { needQuotes ? quoted($0) : String(quoted($0).dropFirst().dropLast()) }
    return shown.joined(separator: ", ") + (names.count > most ? " and \(names.count - most) more" : "")
  }

  private static func check(_ names: [String], _ source: String) throws -> [String] {
    guard !names.isEmpty else { throw LabelError(source: source, reason: "the list has no names") }
    guard names.count <= maximumCount else {
      throw LabelError(source: source, reason: "the list has \(names.count) names, expected at most \(maximumCount)")
    }
    var seen: Set<String> = []
    for (index, name) in names.enumerated() {
      guard !name.isEmpty else { throw LabelError(source: source, reason: "name \(index + 1) is empty") }
      guard seen.insert(name).inserted else {
        let hasSameEncoding = firstDuplicate(in: names) != nil
        throw LabelError(
          source: source,
          reason: "the name \(quoted(name)) is a duplicate" + (hasSameEncoding ? "" : ", in another Unicode encoding"))
      }
    }
    return names
  }

  /// Returns whether a text is meant as a JSON list: it is in one pair of brackets. If it is not valid JSON, that is an error.
  private static func isList(_ text: String) -> Bool {
    let visible = text.filter { !$0.isWhitespace }
    if visible.hasPrefix("[\"") { return true }
    guard visible.hasPrefix("["), visible.hasSuffix("]"), visible.count > 1 else { return false }
    return !visible.dropFirst().dropLast().contains { $0 == "[" || $0 == "]" }
  }

  private static func list(_ text: String, _ source: String) throws -> [String] {
    let bytes = Array(text.utf8)
    var names: [String] = []
    do {
      try bytes.withUnsafeBytes { bytes in
        var reader = JSONReader(bytes, path: source)
        try reader.array { reader in
          reader.skipSpace()
          names.append(try reader.string())
        }
        reader.skipSpace()
        guard reader.next == nil else { throw reader.unexpected("the end") }
      }
    } catch let error as JSONError {
      throw LabelError(source: source, reason: "it is not a JSON list of strings: \(error.explanation)")
    }
    return names
  }

  private static func fields(_ text: String, _ source: String) throws -> [String] {
    var names: [String] = []
    var rest = text[...]
    while true {
      rest = rest.drop(while: \.isWhitespace)
      if rest.first == "\"" {
        names.append(try quotedField(&rest, source))
        rest = rest.drop(while: \.isWhitespace)
        guard rest.isEmpty || rest.first == "," else {
          throw LabelError(
            source: source, reason: "expected a comma after the closing quote of \(quoted(names[names.count - 1]))")
        }
      } else {
        let field = rest.prefix { $0 != "," }
        names.append(field.trimmingCharacters(in: .whitespaces))
        rest = rest[field.endIndex...]
      }
      guard rest.popFirst() != nil else { return names }
    }
  }

  /// Reads a name in quotes, in which two quotes represent one.
  private static func quotedField(_ rest: inout Substring, _ source: String) throws -> String {
    var name = ""
    rest.removeFirst()
    while let character = rest.popFirst() {
      guard character == "\"" else {
        name.append(character)
        continue
      }
      guard rest.first == "\"" else { return name }
      name.append("\"")
      rest.removeFirst()
    }
    throw LabelError(source: source, reason: "the quote before \(quoted(name)) is not closed")
  }
}

/// The error for an invalid list of label names.
public struct LabelError: UserError, Equatable {
  /// The option or file.
  public let source: String
  /// The problem.
  public let reason: String

  package init(source: String, reason: String) {
    self.source = source
    self.reason = reason
  }

  /// One line: the problem and how to write names.
  public var description: String {
    "\(source): \(reason); give each class a different name: a,b or \"a, with a comma\",b or [\"a\", \"b\"], or "
      + "one per line in a file"
  }
}
