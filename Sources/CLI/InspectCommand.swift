import ArgumentParser
import Foundation
import GraftCore
import GraftHarness
import GraftSupport
import GraftTransformer

/// `graft inspect FILE` and `graft inspect --base B [--select PATTERN]`
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Show what an adapter file says of itself, or a base's modules.")

  @Argument(help: "An adapter file.")
  var file: String?

  @Option(help: "A base in the cache or a folder, in place of a file.")
  var base: String?

  @Option(help: "Mark the base's modules that a selector takes, such as '*.attention.q_lin|v_lin'.")
  var select: String?

  @Option(help: "The method whose parameters are counted on what the selector takes.")
  var method = "lora"

  @OptionGroup var notes: NoteOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard (file == nil) != (base == nil) else {
      throw ValidationError("give either an adapter FILE or --base B")
    }
    guard select == nil || base != nil else { throw ValidationError("--select goes with --base") }
  }

  func run() throws {
    if let file {
      if (try? BaseLocator().folder(of: file)) != nil {
        throw ValidationError("\(quoted(file)) is a base; show it with --base \(file)")
      }
      let description = AdapterDescription(try AdapterFile(path: file))
      if json { Console.printJSON(try snakeCaseJSON(description)) } else { Console.printLines(description.text) }
    } else if let base {
      let folder = try BaseLocator().folder(of: base)
      let model = try SequenceClassifier(folder: folder, classes: nil, seed: 0)
      let (found, unknownKeys) = try PretrainedBase.notes(inFolder: folder)
      notes.show(found, unknownKeys: unknownKeys)
      let description = try BaseDescription(
        model, name: base, folder: folder,
        selector: try select.map { try TargetSelector($0) }, method: method, methods: Graft.methods())
      if json { Console.printJSON(try snakeCaseJSON(description)) } else { Console.printLines(description.text) }
    }
  }
}
