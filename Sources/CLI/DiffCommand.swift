import ArgumentParser
import GraftAdapterFiles
import GraftHarness
import GraftSupport

/// `graft diff A B`
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Show how two adapter files differ: metadata, tensors, and values.",
    discussion: Help.discussion(examples: "graft diff runs/first runs/second"))

  @Argument(help: "The first adapter file or run folder.", completion: .file())
  var first: String

  @Argument(help: "The second adapter file or run folder.", completion: .file())
  var second: String

  @OptionGroup var json: JSONFlag

  func run() throws {
    let difference = try AdapterDifference(AdapterFile(path: first), AdapterFile(path: second))
    if json.isRequested {
      Console.printJSON(try snakeCaseJSON(difference))
    } else {
      Console.printLines(difference.text)
    }
  }
}
