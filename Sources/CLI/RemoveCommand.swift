import ArgumentParser
import GraftCore
import GraftHarness
import GraftSupport

/// `graft remove DIR`
struct RemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Take adapters out of a folder that 'graft apply' wrote, to the last byte.",
    discussion: "Needs nothing but the folder: neither the base nor the adapter files.")

  @Argument(help: "The folder.")
  var folder: String

  @Option(
    name: .customLong("adapter"), parsing: .upToNextOption,
    help: "The adapters to take out, by their names in the folder's undo record; all of them unless given.")
  var adapters: [String] = []

  @Option(help: "The folder to write; it must not be there.")
  var output: String

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    _ = try OutputFolder(output)
    let report = try RestoredFolder(folder, methods: Graft.methods()).write(
      without: adapters.isEmpty ? nil : adapters, to: output)
    guard !json else { return Console.printJSON(try report.json()) }
    Console.print("Taken out: \(report.removed.joined(separator: ", ")).")
    if report.remaining.isEmpty {
      Console.print("Base: \(report.base), every file as it was: \(output)")
      for (name, hash) in report.files.sorted(by: { $0.key < $1.key }) { Console.print("  \(hash)  \(name)") }
    } else {
      Console.print("Left in it: \(report.remaining.joined(separator: ", ")): \(output)")
    }
  }
}
