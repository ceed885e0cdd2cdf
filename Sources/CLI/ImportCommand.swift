import ArgumentParser
import GraftCore
import GraftHarness
import GraftSupport

/// `graft import DIR`
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Take an adapter from peft, AdapterHub's adapters, or mlx.",
    discussion: """
      The base must be the one that the adapter was trained on: the other toolkits' files don't say which that was. What \
      can't be honoured is an error, nothing is dropped in silence.
      """)

  @Argument(help: "The folder that the other toolkit has saved.")
  var folder: String

  @Option(help: "The base that the adapter was trained on: in the cache, or a folder.")
  var base: String

  @Option(help: "The adapter file to write.")
  var output: String

  @Option(
    help:
      "The classes' names in the order of the logits, with commas between; else the toolkit's, or LABEL_0 and so on.")
  var labels: String?

  @Option(help: "The built-in task that it is for, such as sst2; else data of one's own.")
  var task: String?

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    _ = try OutputFile(output)
    let names = labels?.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
    let report = try AdapterImport(base: Base(base), methods: Graft.methods()).run(
      folder, labels: names, task: task, to: output)
    guard !json else { return Console.printJSON(try report.json()) }
    Console.print("From \(report.toolkit): \(report.method), \(grouped(report.parameters)) parameters")
    Console.print("Base: \(report.base)" + (report.namedBase.map { "; \(report.toolkit) calls it \($0)" } ?? ""))
    Console.print("Labels: \(report.labels.joined(separator: ", "))")
    Console.print("Written: \(report.output), \(grouped(report.bytes)) bytes")
  }
}
