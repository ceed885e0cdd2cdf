/// The texts of `--help`.
enum Help {
  private static let heading = "EXAMPLES:"

  /// Returns a command's discussion with its examples, one command line each.
  static func discussion(_ text: String = "", examples: String...) -> String {
    let block = ([heading] + examples.map { "  \($0)" }).joined(separator: "\n")
    return text.isEmpty ? block : "\(text)\n\n\(block)"
  }

  /// Returns a help text with the examples at its end, where a terminal shows them last.
  static func withExamplesLast(_ help: String) -> String {
    let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
    guard let start = lines.firstIndex(where: { $0.hasSuffix(heading) }) else { return help }
    let end = lines[(start + 1)...].firstIndex { $0.isEmpty } ?? lines.endIndex
    let rest = Array(lines[..<start]) + Array(lines[min(end + 1, lines.endIndex)...])
    var text = rest.joined(separator: "\n")
    while text.hasSuffix("\n") { text.removeLast() }
    return "\(text)\n\n" + lines[start..<end].joined(separator: "\n") + "\n"
  }
}
