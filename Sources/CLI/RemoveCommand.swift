import ArgumentParser
import GraftAdapterFiles
import GraftCore
import GraftHarness
import GraftSupport

/// `graft remove DIR`
struct RemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Remove adapters from a folder written by 'graft apply', restoring the base exactly.",
    discussion: Help.discussion(
      """
      The folder contains everything that is required; neither the base nor the adapter files are read. If no adapters \
      remain, every file of the base is restored byte for byte.
      """, examples: "graft remove merged --output base-again"))

  @Argument(help: "The folder written by 'graft apply'.", completion: .directory)
  var folder: String

  @Option(
    name: .customLong("adapter"), parsing: .upToNextOption,
    help: "The adapters to remove, by their names in the folder's undo record; by default all of them.")
  var adapters: [String] = []

  @OptionGroup var output: OutputFolderOption

  @OptionGroup var json: JSONFlag

  func run() throws {
    try output.check()
    let registries = Graft.registries()
    let report = try RestoredFolder(
      folder, methods: registries.methods, families: registries.families
    ).write(
      without: adapters.isEmpty ? nil : adapters, to: output.path)
    guard !json.isRequested else { return Console.printJSON(try report.json()) }
    Console.print("Removed: \(report.removed.joined(separator: ", ")).")
    if report.remaining.isEmpty {
      Console.print("Base: \(report.base), every file restored in \(output.path)")
      for (name, hash) in report.files.sorted(by: { $0.key < $1.key }) { Console.print("  \(hash)  \(name)") }
    } else {
      Console.print("Remaining: \(report.remaining.joined(separator: ", ")), written to \(output.path)")
    }
  }
}
