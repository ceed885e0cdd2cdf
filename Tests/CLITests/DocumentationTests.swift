import Foundation
import GraftHarness
import GraftMethods
import GraftTestSupport
import Testing

/// Checks README, Docs, and the other pages of the site against the program: commands exist, links lead to files, and the
/// architecture page lists every source file. `SnippetTests` checks the fenced blocks.
struct DocumentationTests {
  private func text(_ page: String) throws -> String { try DocumentationPage(name: page).text() }

  @Test func `there are at least seven pages besides the README`() {
    #expect(DocumentationPage.all.count >= 8)
  }

  @Test func `every configuration in Configs decodes, and each comparison has all its training runs`() throws {
    let folder = DocumentationPage.root.appendingPathComponent("Configs").path
    var trainings: [String: Int] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      let file = try ConfigurationFile(path: "\(folder)/\(name)")
      if try text("Configs/\(name)").contains("\nmethods:") {
        trainings[name] = try file.comparison(registries: Registries(methods: .builtIn)).experiments.count
      } else {
        _ = try file.decode(ExperimentConfiguration.self, registries: Registries(methods: .builtIn))
        trainings[name] = 1
      }
    }
    #expect(trainings["compare-sst2.yaml"] == 18 && trainings["lora-rank-sweep.yaml"] == 21)
    for task in TaskDefinition.glue { #expect(trainings["\(task.name)-lora.yaml"] == 1, "\(task.name)") }
  }

  @Test(arguments: DocumentationPage.all)
  func `every command and option exists`(page: DocumentationPage) throws {
    let folder = try TemporaryFolder()
    var helps: [String: String] = [:]
    for match in try page.text().matches(of: /(?m)(?:^\$ |^|`)graft ([a-z]+)([^`|\n]*)/) {
      let command = String(match.1)
      if helps[command] == nil { helps[command] = try Program(command, "--help", in: folder).output }
      let help = try #require(helps[command])
      #expect(help.contains("USAGE: graft \(command)"), "graft \(command)")
      for option in match.2.matches(of: /(?:^| |\[)(--[a-z-]+)/) {
        #expect(help.contains(String(option.1)), "graft \(command) \(option.1)")
      }
    }
  }

  @Test(arguments: DocumentationPage.all)
  func `every make target exists`(page: DocumentationPage) throws {
    let makefile = try text("Makefile")
    for match in try page.text().matches(of: /(?:^|`|=\S* )make ([a-z]+)/) {
      #expect(makefile.contains("\n\(match.1):"), "make \(match.1)")
    }
  }

  @Test(arguments: DocumentationPage.all)
  func `every link leads to a file`(page: DocumentationPage) throws {
    let folder = page.url.deletingLastPathComponent()
    for match in try page.text().matches(of: /\]\(([A-Za-z][^):#]*)\)/) {
      let target = folder.appendingPathComponent(String(match.1)).path
      #expect(FileManager.default.fileExists(atPath: target), "\(match.1)")
    }
  }

  @Test func `the architecture page lists every source file`() throws {
    let page = try text("Docs/architecture.md")
    let sources = DocumentationPage.root.appendingPathComponent("Sources")
    let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    for case let file as URL in files where ["swift", "c"].contains(file.pathExtension) {
      // `Type+Aspect.swift` can be listed as `+Aspect` after its type.
      let name = file.deletingPathExtension().lastPathComponent
      let aspect = name.split(separator: "+").dropFirst().map { "+\($0)" }.joined()
      #expect(page.contains(name) || !aspect.isEmpty && page.contains(aspect), "\(name)")
    }
  }

  /// Runs `Scripts/site/pages.py` on a copy of the pages, after a change.
  private func catalog(_ change: (TemporaryFolder) throws -> Void) throws -> Program {
    let folder = try TemporaryFolder()
    for name in [
      "Docs", "Benchmarks", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md", "LICENSE",
    ] {
      try FileManager.default.copyItem(
        atPath: DocumentationPage.root.appendingPathComponent(name).path, toPath: folder.file(name))
    }
    try change(folder)
    let script = DocumentationPage.root.appendingPathComponent("Scripts/site/pages.py").path
    return try Program(shell: "python3 \(script) graphs out .", in: folder)
  }

  @Test func `the site refuses pages that are not listed, listed pages that do not exist, and broken links`() throws {
    let unlisted = try catalog { try $0.write("# New\n\nText.\n", to: "Docs/new.md") }
    #expect(
      unlisted.code == 1 && unlisted.errors.contains("Docs/new.md is not in the site; add it to one of the lists"))
    let missing = try catalog { try FileManager.default.removeItem(atPath: $0.file("Docs/selectors.md")) }
    #expect(missing.errors.contains("Docs/README.md lists Docs/selectors.md, which does not exist"))
    let anchor = try catalog { folder in
      try folder.write(
        try folder.read("Docs/selectors.md") + "[x](configuration.md#nothing)\n", to: "Docs/selectors.md")
    }
    #expect(anchor.errors.contains("Docs/configuration.md has no heading for the link to #nothing"))
    // Without symbol graphs, the unchanged pages are converted, and the script stops at the first target.
    #expect(try catalog { _ in }.errors.contains("there is no symbol graph of GraftSupport"))
  }
}
