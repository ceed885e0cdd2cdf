import Foundation
import GraftHarness
import GraftTestSupport
import Testing

/// The version, the manual page, the shell completions, and `make install`.
struct InstallingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Runs a script of this package.
  private func script(_ name: String, _ arguments: String..., input: String? = nil) throws -> Program {
    let place = DocumentationPage.root.appendingPathComponent("Scripts/\(name)")
    return try Program(arguments: arguments, at: place, input: input, in: folder)
  }

  /// Installs the program below `prefix`.
  private func install() throws {
    let run = try script("install.sh", Program.executable("graft").path, folder.file("prefix"))
    #expect(run.code == 0, "\(run.errors)")
  }

  /// A command of the program, as it describes itself.
  private struct Command: Decodable {
    struct Argument: Decodable {
      struct Name: Decodable { let name: String }
      let names: [Name]?
      let shouldDisplay: Bool
    }
    let commandName: String
    let superCommands: [String]?
    let arguments: [Argument]?
    let subcommands: [Command]?

    /// This command and all commands below it, without `help`.
    var all: [Command] { commandName == "help" ? [] : [self] + (subcommands ?? []).flatMap(\.all) }

    /// The long options.
    var options: [String] {
      (arguments ?? []).filter(\.shouldDisplay).flatMap { $0.names ?? [] }.map(\.name).filter { $0.count > 1 }
    }
  }

  private struct Description: Decodable { let command: Command }

  /// Returns all commands of the program.
  private func commands() throws -> [Command] {
    let text = try Program("--experimental-dump-help", in: folder).output
    let all = try JSONDecoder().decode(Description.self, from: Data(text.utf8)).command.all
    #expect(all.count > 15)
    return all
  }

  @Test func `the newest version in the changelog is the program's`() throws {
    let text = try String(
      contentsOf: DocumentationPage.root.appendingPathComponent("CHANGELOG.md"), encoding: .utf8)
    let heading = try #require(text.firstMatch(of: /(?m)^## (\S+) - \d{4}-\d\d-\d\d$/))
    #expect(heading.1 == RunEnvironment.version)
    #expect(text.firstRange(of: "\n## ")?.lowerBound == text.index(before: heading.range.lowerBound))
  }

  @Test func `the manual page lists every command and option, with the version and its date`() throws {
    try install()
    let page = try folder.read("prefix/share/man/man1/graft.1").replacing("\\-", with: "-")
    #expect(page.firstMatch(of: /\.TH GRAFT 1 "\d{4}-\d\d-\d\d" "Graft ([\d.]+)"/)?.1 == RunEnvironment.version[...])
    for command in try commands() where command.subcommands == nil {
      let name = ((command.superCommands ?? []) + [command.commandName]).joined(separator: " ")
      let section = try #require(
        page.components(separatedBy: "\n.SS \(name)\n").dropFirst().first?.components(separatedBy: "\n.SS ").first,
        "\(name)")
      for option in command.options where option != "help" && option != "version" {
        #expect(section.contains("\n.TP\n\\fB--\(option)\\fR"), "\(name) --\(option)")
      }
    }
    for part in ["EXIT STATUS", "ENVIRONMENT", "GRAFT_HOME", "GLUE_DIR", "HF_ENDPOINT", "HF_TOKEN", "GLUE_ENDPOINT"] {
      #expect(page.contains(part), "\(part)")
    }
  }

  @Test func `the manual page shows indented lines verbatim and escapes what roff would interpret`() throws {
    let discussion = #"Before.\n.dot 'q'\n\nExamples:\n  graft a --set 'x=[1]' \\\\\n    # \u2026 ~ ^"#
    let json = """
      {"command": {"commandName": "graft", "abstract": "A-b.", "subcommands": [{"commandName": "a", "superCommands": ["graft"],
      "abstract": "Does it.", "discussion": "\(discussion)", "arguments": []}]}}
      """
    let run = try script("manual.py", "1.0", "2026-01-01", input: json)
    #expect(
      run.output.contains(
        #"""
        .SS graft a
        \fBgraft a\fR
        .PP
        Does it.
        .PP
        Before. \&.dot \(aqq\(aq
        .PP
        Examples:
        .RS 4
        .EX
        graft a \-\-set \(aqx=[1]\(aq \(rs\(rs
          # \[u2026] \(ti \(ha
        .EE
        .RE

        """#), "\(run.output)\(run.errors)")
  }

  @Test func `completions contain every command and option`() throws {
    try install()
    for file in [
      "bash-completion/completions/graft", "zsh/site-functions/_graft", "fish/vendor_completions.d/graft.fish",
    ] {
      let text = try folder.read("prefix/share/\(file)")
      for command in try commands() {
        #expect(text.contains(command.commandName), "\(file): \(command.commandName)")
        for option in command.options { #expect(text.contains(option), "\(file): --\(option)") }
      }
    }
  }

  @Test(arguments: [
    ("graft ev", "evaluate"), ("graft pack run --dtype ", "f32 f16 bf16 int8"), ("graft pack ru", "run"),
    ("graft train ", "config.yaml run"), ("graft get ta", "task"), ("graft methods lo", "lora"),
    ("graft tasks sst", "sst2"),
    ("graft predict --adapter ru", "run"),
  ])
  func `bash completes commands, values, and files`(line: String, expected: String) throws {
    try install()
    try folder.write("", to: "work/config.yaml")
    try folder.write("", to: "work/run/adapter")
    try folder.write("", to: "work/notes.txt")
    // What readline does: it calls the registered function and reads COMPREPLY.
    let script = """
      cd work
      compopt() { :; }
      source ../prefix/share/bash-completion/completions/graft
      COMP_LINE='\(line)' COMP_POINT=${#COMP_LINE} COMP_TYPE=9 COMP_KEY=9
      read -ra COMP_WORDS <<<"$COMP_LINE"
      [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      previous=${COMP_WORDS[COMP_CWORD - 1]}
      $(complete -p graft | sed 's/.*-F \\([^ ]*\\).*/\\1/') graft "${COMP_WORDS[COMP_CWORD]}" "$previous"
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let run = try Program(arguments: ["-c", script], at: URL(fileURLWithPath: "/bin/bash"), in: folder)
    let offers = run.output.split(whereSeparator: \.isWhitespace)
    for word in expected.split(separator: " ") { #expect(offers.contains(word), "\(run.output)\(run.errors)") }
    #expect(!offers.contains("notes.txt"))
  }

  @Test func `what was installed can be removed`() throws {
    try install()
    #expect(FileManager.default.isExecutableFile(atPath: folder.file("prefix/bin/graft")))
    _ = try script("install.sh", "--remove", folder.file("prefix"))
    let left = try #require(FileManager.default.enumerator(atPath: folder.file("prefix"))).compactMap { $0 as? String }
    for path in left {
      var isFolder: ObjCBool = false
      #expect(FileManager.default.fileExists(atPath: folder.file("prefix/\(path)"), isDirectory: &isFolder))
      #expect(isFolder.boolValue, "\(path)")
    }
  }
}
