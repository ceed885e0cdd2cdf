import ArgumentParser
import GraftHarness

/// `graft diff A B`
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Show how two adapter files differ: what they say of themselves, tensors, values.")

  @Argument(help: "An adapter file.")
  var first: String

  @Argument(help: "Another one.")
  var second: String

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let difference = try AdapterDifference(AdapterFile(path: first), AdapterFile(path: second))
    if json { Console.printJSON(try snakeCaseJSON(difference)) } else { Console.printLines(difference.text) }
  }
}
