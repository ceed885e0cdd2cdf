import Foundation
public import GraftSupport

/// The names of classes as people give them: on a command line or in a file.
public enum LabelNames {
  /// The classes that names can be given for.
  static let most = 10_000

  /// Reads names from one text: with commas between them, where a name with a comma stands in quotes as in CSV
  /// (`"billing, refunds",bugs`), or as a JSON list (`["billing, refunds", "bugs"]`). Spaces around a name don't count.
  ///
  /// - Parameters:
  ///   - text: The names.
  ///   - source: What messages call the text, such as `--labels`.
  /// - Throws: ``LabelError`` that says what is wrong.
  public static func parse(_ text: String, source: String = "--labels") throws -> [String] {
    try check(isList(text) ? list(text, source) : fields(text, source), source)
  }

  /// Reads names from a file, one on each line; spaces around a name don't count. A JSON list is read as well.
  ///
  /// - Throws: `FileError`, or ``LabelError`` that says what is wrong.
  public static func read(file: String) throws -> [String] {
    guard var text = String(validating: try readFile(file), as: UTF8.self) else {
      throw LabelError(source: file, reason: "it is not UTF-8")
    }
    if text.hasPrefix("\u{FEFF}") { text.removeFirst() }
    if text.trimmingCharacters(in: .whitespacesAndNewlines).hasPrefix("[\"") { return try parse(text, source: file) }
    var lines = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n").split(
      separator: "\n", omittingEmptySubsequences: false
    ).map { $0.trimmingCharacters(in: .whitespaces) }
    while lines.last?.isEmpty == true { lines.removeLast() }
    if let empty = lines.firstIndex(where: \.isEmpty) {
      throw LabelError(source: file, reason: "line \(empty + 1) is empty, expected a name on each line")
    }
    return try check(lines, file)
  }

  /// The names in a row, safe in a line on a terminal; in quotes where commas within them could be taken for those between.
  ///
  /// - Parameters:
  ///   - names: The names.
  ///   - most: How many names are listed; how many more there are is said.
  public static func text(_ names: [String], most: Int = .max) -> String {
    let needQuotes = names.contains { $0.contains(",") || $0.trimmingCharacters(in: .whitespaces) != $0 || $0.isEmpty }
    let shown = names.prefix(most).map { needQuotes ? quoted($0) : String(quoted($0).dropFirst().dropLast()) }
    return shown.joined(separator: ", ") + (names.count > most ? " and \(names.count - most) more" : "")
  }

  private static func check(_ names: [String], _ source: String) throws -> [String] {
    guard !names.isEmpty else { throw LabelError(source: source, reason: "there are no names") }
    guard names.count <= most else {
      throw LabelError(source: source, reason: "there are \(names.count) names, and at most \(most) are read")
    }
    var seen: Set<String> = []
    for (index, name) in names.enumerated() {
      guard !name.isEmpty else { throw LabelError(source: source, reason: "name \(index + 1) is empty") }
      guard seen.insert(name).inserted else {
        let isSame = firstDuplicate(in: names) != nil
        throw LabelError(
          source: source, reason: "\(quoted(name)) is there twice" + (isSame ? "" : ", in two Unicode encodings"))
      }
    }
    return names
  }

  /// What is in one pair of brackets is meant as a list, also where it is not JSON: that is an error then.
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
      throw LabelError(source: source, reason: "it is not a JSON list of texts: \(error.explanation)")
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

  /// A name in quotes; two quotes within it stand for one.
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

/// What is wrong about a list of classes' names.
public struct LabelError: UserError, Equatable {
  /// The option or file.
  public let source: String
  /// What is wrong.
  public let reason: String

  /// One line, with how to write names.
  public var description: String {
    "\(source): \(reason); give each class a name of its own: a,b or \"a, with a comma\",b or [\"a\", \"b\"], in a file one on each line"
  }
}
