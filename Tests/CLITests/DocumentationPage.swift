import Foundation
import Testing

/// A page of the documentation: the README, or a page of the site.
struct DocumentationPage: CustomTestStringConvertible, Sendable {
  /// The root of the package.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The README, the landing page, all of `Docs`, and the other pages that the landing page lists.
  static let all: [DocumentationPage] = {
    let docs = (try? FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent("Docs").path)) ?? []
    let landing = (try? DocumentationPage(name: "Docs/README.md").text()) ?? ""
    let others = landing.matches(of: /\]\(\.\.\/([^)#]+\.md)\)/).map { String($0.1) }
    let names = ["README.md"] + docs.filter { $0.hasSuffix(".md") }.sorted().map { "Docs/\($0)" } + others
    return names.map(DocumentationPage.init)
  }()

  /// The path from the root.
  let name: String

  var testDescription: String { name }
  var url: URL { Self.root.appendingPathComponent(name) }

  func text() throws -> String { try String(contentsOf: url, encoding: .utf8) }

  /// A fenced block.
  struct Block {
    /// The text after the opening fence.
    let language: String
    let content: String
    /// The line number of the opening fence.
    let line: Int
  }

  func blocks() throws -> [Block] {
    let text = try text()
    return text.matches(of: /(?m)^ *```([^\n]*)\n([\s\S]*?)^ *```$/).map {
      Block(
        language: String($0.1), content: String($0.2),
        line: text[..<$0.range.lowerBound].count { $0 == "\n" } + 1)
    }
  }

  func blocks(_ language: String) throws -> [String] {
    try blocks().filter { $0.language == language }.map(\.content)
  }
}

extension DocumentationPage.Block {
  /// A command line with the output that the page shows for it.
  struct Command {
    let line: String
    let output: [String]

    /// The error message that the page shows, if the command is an example of an error.
    var error: String? { output.first { $0.hasPrefix("graft: ") } }
  }

  /// Whether the block contains command lines: `sh`, `console`, or no language.
  var isShell: Bool { ["", "sh", "console"].contains(language) }

  /// The command lines. If some lines begin with `$`, the others are output; otherwise, all lines are commands.
  var commands: [Command] {
    guard isShell else { return [] }
    let lines = content.replacing("\\\n", with: "").split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.contains(where: { $0.hasPrefix("$ ") }) else {
      return lines.filter { !$0.isEmpty && !$0.hasPrefix("#") }.map { Command(line: String($0), output: []) }
    }
    let starts = lines.indices.filter { lines[$0].hasPrefix("$ ") }
    return zip(starts, starts.dropFirst() + [lines.count]).map { start, end in
      Command(line: String(lines[start].dropFirst(2)), output: lines[start + 1..<end].map(String.init))
    }
  }
}
