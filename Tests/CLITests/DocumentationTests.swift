import Foundation
import GraftCLI
import GraftCore
import GraftHarness
import GraftMethods
import GraftTestSupport
import Testing

/// Checks README, Docs, and the pages next to them against the program: configurations decode, commands exist and run, links lead to files, and the
/// architecture page lists every source file.
struct DocumentationTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let pages: [String] = {
    let docs = (try? FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent("Docs").path)) ?? []
    return ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"]
      + docs.filter { $0.hasSuffix(".md") }.sorted().map { "Docs/\($0)" }
  }()

  /// Returns the methods that the program registers.
  private static func methods() -> MethodRegistry { MethodRegistry.builtIn }

  private func text(_ page: String) throws -> String {
    try String(contentsOf: Self.root.appendingPathComponent(page), encoding: .utf8)
  }

  /// Returns the contents of a page's fenced blocks in one language.
  private func blocks(_ language: String, in page: String) throws -> [String] {
    try text(page).matches(of: /```([a-z]*)\n([\s\S]*?)```/).filter { $0.1 == language }.map { String($0.2) }
  }

  @Test func `there are at least seven pages in Docs`() {
    #expect(Self.pages.count >= 11)
  }

  @Test(arguments: pages)
  func `every configuration decodes`(page: String) throws {
    let methods = Self.methods()
    for block in try blocks("yaml", in: page) {
      let file = try ConfigurationFile(text: block, path: page)
      #expect(throws: Never.self, "\(block)") {
        try file.decode(ExperimentConfiguration.self, registries: Registries(methods: methods))
      }
    }
  }

  @Test func `every configuration in Configs decodes, and each comparison has all its training runs`() throws {
    let folder = Self.root.appendingPathComponent("Configs").path
    var trainings: [String: Int] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      let file = try ConfigurationFile(path: "\(folder)/\(name)")
      if try text("Configs/\(name)").contains("\nmethods:") {
        trainings[name] = try file.comparison(registries: Registries(methods: Self.methods())).experiments.count
      } else {
        _ = try file.decode(ExperimentConfiguration.self, registries: Registries(methods: Self.methods()))
        trainings[name] = 1
      }
    }
    #expect(trainings["compare-sst2.yaml"] == 18 && trainings["lora-rank-sweep.yaml"] == 21)
    for task in TaskDefinition.glue { #expect(trainings["\(task.name)-lora.yaml"] == 1, "\(task.name)") }
  }

  @Test(arguments: pages)
  func `every command and option exists`(page: String) throws {
    let folder = try TemporaryFolder()
    var helps: [String: String] = [:]
    for match in try text(page).matches(of: /(?m)(?:^\$ |^|`)graft ([a-z]+)([^`|\n]*)/) {
      let command = String(match.1)
      if helps[command] == nil { helps[command] = try Program(command, "--help", in: folder).output }
      let help = try #require(helps[command])
      #expect(help.contains("USAGE: graft \(command)"), "graft \(command)")
      for option in match.2.matches(of: /(?:^| |\[)(--[a-z-]+)/) {
        #expect(help.contains(String(option.1)), "graft \(command) \(option.1)")
      }
    }
  }

  /// Runs the command lines of all fenced blocks in order, in a folder with the files that the pages mention. A base with a few
  /// thousand parameters replaces the real one.
  @Test func `every command in a block runs`() throws {
    let task = try TinyTask()
    let folder = try TemporaryFolder()
    let bases = folder.file("home/bases")
    try FileManager.default.createDirectory(atPath: bases, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: "\(bases)/all-MiniLM-L6-v2", withDestinationPath: task.base.folder.path)
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("Configs"), withDestinationPath: Self.root.appendingPathComponent("Configs").path)
    let (tickets, configuration) = try ownData()
    try folder.write(
      (0..<20).map { "\(tickets.replacing("{\"body\": \"", with: "{\"body\": \"\($0) "))" }.joined(),
      to: "tickets.jsonl")
    try folder.write(tickets, to: "new.jsonl")
    try folder.write("where is it\nit is broken\n", to: "lines.txt")
    try folder.write(configuration, to: "tickets.yaml")
    var count = 0
    for page in Self.pages {
      for line in try text(page).matches(of: /(?m)^(?:\$ )?((?:cat [a-z.]+ \| )?graft .*)$/) {
        let run = try Program(shell: String(line.1), in: folder)
        #expect(run.code == 0, "\(page): \(line.1): \(run.errors)")
        count += 1
      }
    }
    #expect(count >= 6)
  }

  /// Returns the data file and the configuration that the README shows under "Your own data".
  private func ownData() throws -> (rows: String, configuration: String) {
    let readme = try text("README.md")
    let part = try #require(readme.components(separatedBy: "## Your own data").last)
    let rows = try #require(part.firstMatch(of: /```\n([\s\S]*?)```/)?.1)
    let configuration = try #require(part.firstMatch(of: /```yaml\n([\s\S]*?)```/)?.1)
    return (String(rows), String(configuration))
  }

  @Test(arguments: pages)
  func `every make target exists`(page: String) throws {
    let makefile = try text("Makefile")
    for match in try text(page).matches(of: /(?:^|`|=\S* )make ([a-z]+)/) {
      #expect(makefile.contains("\n\(match.1):"), "make \(match.1)")
    }
  }

  @Test(arguments: pages)
  func `every link leads to a file`(page: String) throws {
    let folder = Self.root.appendingPathComponent(page).deletingLastPathComponent()
    for match in try text(page).matches(of: /\]\(([A-Za-z][^):#]*)\)/) {
      let target = folder.appendingPathComponent(String(match.1)).path
      #expect(FileManager.default.fileExists(atPath: target), "\(match.1)")
    }
  }

  @Test func `the architecture page lists every source file`() throws {
    let page = try text("Docs/architecture.md")
    let sources = Self.root.appendingPathComponent("Sources")
    let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    for case let file as URL in files where ["swift", "c"].contains(file.pathExtension) {
      // `Type+Aspect.swift` can be listed as `+Aspect` after its type.
      let name = file.deletingPathExtension().lastPathComponent
      let aspect = name.split(separator: "+").dropFirst().map { "+\($0)" }.joined()
      #expect(page.contains(name) || !aspect.isEmpty && page.contains(aspect), "\(name)")
    }
  }

  @Test func `the code on the page about ops is the code in the sources`() throws {
    let sources = try [
      "Sources/Core/Ops/ScaleColumns.swift", "Sources/CKernels/include/CKernels.h", "Sources/CKernels/elementwise.c",
      "Tests/CoreTests/Ops/OpTests.swift",
    ].map(text)
    let code = try blocks("swift", in: "Docs/adding-an-op.md") + blocks("c", in: "Docs/adding-an-op.md")
    #expect(code.count == 4)
    for block in code { #expect(sources.contains { $0.contains(block) }, "\(block)") }
  }

  @Test func `the code on the page about encoders is in the sources`() throws {
    let family = try text("Sources/Transformer/Families/MPNet.swift")
    let code = try blocks("swift", in: "Docs/adding-an-encoder.md")
    #expect(code.count == 1 && code.allSatisfy { family.contains($0) })
  }

  @Test func `the code on the page about objectives is in the sources`() throws {
    let sources = try ["Sources/ThirdParty/Objectives/OrdinalRegression.swift", "Sources/graft/main.swift"].map {
      try text("Examples/ThirdParty/\($0)")
    }
    let code = try blocks("swift", in: "Docs/adding-an-objective.md")
    #expect(code.count == 2 && zip(sources, code).allSatisfy { $0.contains($1) })
  }

  @Test func `the code on the page about tasks is in the sources`() throws {
    let task = try text("Examples/ThirdParty/Sources/ThirdParty/Tasks/AGNews.swift")
    #expect(task.contains(try #require(blocks("swift", in: "Docs/adding-a-task.md").first)))
  }

  @Test func `the code on the page about the library is the example that is built`() throws {
    let example = try text("Examples/Library/main.swift")
    let code = try blocks("swift", in: "Docs/library.md")
    #expect(code.count == 4 && code.allSatisfy { example.contains($0) })
  }

  @Test func `the example in the README is part of the example that is built`() throws {
    let example = try text("Examples/Classify/main.swift")
    #expect(try blocks("swift", in: "README.md").contains { example.contains($0) })
  }
}
