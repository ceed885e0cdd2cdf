import Foundation
import GraftHarness
import GraftMethods
import GraftTestSupport
import Testing

/// Every snippet in the README and on the site is run, compiled, or decoded.
struct SnippetTests {
  /// Output and listings; everything else in a block is checked.
  private static let plain: Set = ["text"]
  private static let checked: Set = ["", "sh", "console", "yaml", "json", "jsonl", "swift", "c", "python"]

  /// Commands that are not run, with the reason.
  private static let notRun = [
    "make": "the targets build or test everything; another test checks their names",
    "swift": "builds the package",
    "graft get": "needs the network",
    "tensorboard": "runs until it is stopped",
    "python3 -m http.server": "runs until it is stopped",
    "apt-get": "changes the system",
    "sudo": "changes the system",
    "pip": "changes the system",
    "git": "needs the network",
    "tar": "needs a release, which 'make dist' builds",
    "cd": "changes the folder of the shell",
    "export": "changes the shell",
  ]

  @Test(arguments: DocumentationPage.all)
  func `every block has a known language, and one without a language consists of commands`(
    page: DocumentationPage
  ) throws {
    for block in try page.blocks() {
      let place = "\(page.name):\(block.line)"
      #expect(Self.plain.union(Self.checked).contains(block.language), "\(place)")
      let looksLikeCommands = block.content.contains(/(?m)^(\$ )?(graft|make|swift)\s/)
      if block.language.isEmpty { #expect(looksLikeCommands, "\(place): name the language, or 'text' for output") }
      if Self.plain.contains(block.language) { #expect(!looksLikeCommands, "\(place): these are commands") }
    }
  }

  @Test(arguments: DocumentationPage.all)
  func `every configuration decodes`(page: DocumentationPage) throws {
    let registries = Registries(methods: .builtIn)
    for block in try page.blocks("yaml") {
      let file = try ConfigurationFile(text: block, path: page.name)
      #expect(throws: Never.self, "\(block)") {
        if block.contains("methods:") {
          _ = try file.comparison(registries: registries)
        } else {
          _ = try file.decode(ExperimentConfiguration.self, registries: registries)
        }
      }
    }
  }

  @Test(arguments: DocumentationPage.all)
  func `every JSON text is valid`(page: DocumentationPage) throws {
    let lines = try page.blocks("jsonl").flatMap { $0.split(separator: "\n").map(String.init) }
    for text in try page.blocks("json") + lines {
      #expect(throws: Never.self, "\(page.name): \(text)") {
        try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
      }
    }
  }

  @Test(arguments: DocumentationPage.all)
  func `all Swift and C code is part of a source file of the package`(page: DocumentationPage) throws {
    for language in ["swift", "c"] {
      for block in try page.blocks(language) {
        #expect(Self.sources.contains { $0.contains(Self.withoutIndentation(block)) }, "\(page.name): \(block)")
      }
    }
  }

  /// The sources of all targets, without indentation.
  private static let sources: [String] = ["Sources", "Examples", "Tests", "Benchmarks"].flatMap { folder -> [String] in
    let files = FileManager.default.enumerator(
      at: DocumentationPage.root.appendingPathComponent(folder), includingPropertiesForKeys: nil)
    return (files?.allObjects ?? []).compactMap { $0 as? URL }
      .filter { ["swift", "c", "h"].contains($0.pathExtension) }
      .compactMap { try? withoutIndentation(String(contentsOf: $0, encoding: .utf8)) }
  }

  private static func withoutIndentation(_ text: String) -> String { text.replacing(/(?m)^ +/, with: "") }

  /// Runs the commands and the Python code of a page in order, in a folder with the files that the pages mention. Tiny bases
  /// replace the real ones. A command whose output is shown as an error must fail with this error.
  @Test(arguments: DocumentationPage.all)
  func `every command and all Python code runs`(page: DocumentationPage) throws {
    let blocks = try page.blocks().filter { $0.isShell || $0.language == "python" }
    guard !blocks.isEmpty else { return }
    let workspace = try SnippetWorkspace(for: blocks.flatMap(\.commands).map(\.line))
    var code = ""
    for block in blocks {
      for command in block.commands where !Self.isLeftOut(command.line) { try run(command, of: page, in: workspace) }
      if block.language == "python" { try runPython(block.content, after: &code, of: page, in: workspace) }
    }
  }

  private static func isLeftOut(_ line: String) -> Bool {
    notRun.keys.contains { line.hasPrefix("\($0) ") }
  }

  private func run(
    _ command: DocumentationPage.Block.Command, of page: DocumentationPage, in workspace: SnippetWorkspace
  ) throws {
    let run = try Program(shell: command.line, in: workspace.folder)
    let place = "\(page.name): \(command.line)"
    if let error = command.error {
      #expect(run.code == 2 && Self.matches(run.errors, error), "\(place)\n\(run.errors)")
    } else {
      #expect(run.code == 0, "\(place): \(run.errors)")
    }
  }

  /// Runs a block after the blocks before it. Without peft, it is only parsed.
  private func runPython(
    _ block: String, after code: inout String, of page: DocumentationPage, in workspace: SnippetWorkspace
  ) throws {
    code += block
    try workspace.folder.write(code, to: "page.py")
    let interpreter = Python.interpreter(with: "peft, transformers")
    let run = try Program(
      shell: interpreter.map { "\($0) page.py" } ?? "python3 -c 'import ast; ast.parse(open(\"page.py\").read())'",
      in: workspace.folder)
    #expect(run.code == 0, "\(page.name): \(block)\n\(run.errors)")
  }

  /// Whether a program printed this message, in which `…` stands for any text.
  private static func matches(_ output: String, _ message: String) -> Bool {
    var rest = output[...]
    return message.split(separator: "…").allSatisfy { part in
      guard let range = rest.firstRange(of: part) else { return false }
      rest = rest[range.upperBound...]
      return true
    }
  }

  @Test func `the README and the pages for users have commands`() throws {
    for name in ["README.md", "Docs/getting-started.md", "Docs/troubleshooting.md", "Docs/migrating-from-peft.md"] {
      #expect(try !DocumentationPage(name: name).blocks().flatMap(\.commands).isEmpty, "\(name)")
    }
  }
}
