import ArgumentParser
import Foundation
import GraftAdapterFiles
import GraftCore
import GraftHarness
import GraftSupport
import GraftTransformer

/// `graft inspect FILE` and `graft inspect --base B [--select PATTERN]`
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Show an adapter file's metadata and tensors, or a base's modules.",
    discussion: Help.discussion(
      examples: "graft inspect runs/tickets", "graft inspect --base all-MiniLM-L6-v2 --select '*.query|value'"))

  @Argument(help: "The adapter file or run folder.", completion: .file())
  var file: String?

  @Option(
    help: "Show a base instead of an adapter file: a name in the cache or a folder.",
    completion: .directory)
  var base: String?

  @Option(help: "Mark the base's modules that a selector matches, such as '*.attention.q_lin|v_lin'.")
  var select: String?

  @Option(help: "The method whose trainable parameters are counted for the modules that the selector matches.")
  var method = "lora"

  @OptionGroup var notes: NoteOptions

  @OptionGroup var json: JSONFlag

  func validate() throws {
    guard (file == nil) != (base == nil) else {
      throw ValidationError("give either an adapter FILE or --base B")
    }
    guard select == nil || base != nil else { throw ValidationError("--select requires --base B") }
  }

  func run() throws {
    if let file {
      if (try? BaseLocator().folder(of: file)) != nil {
        throw ValidationError("\(quoted(file)) is a base; show it with --base \(file)")
      }
      let description = AdapterDescription(try AdapterFile(path: file))
      if json.isRequested {
        Console.printJSON(try snakeCaseJSON(description))
      } else {
        Console.printLines(description.text)
      }
    } else if let base {
      let registries = Graft.registries()
      let folder = try BaseLocator().folder(of: base)
      let model = try SequenceClassifier(folder: folder, classes: nil, seed: 0, families: registries.families)
      let (baseNotes, unknownKeys) = try PretrainedBase.notes(inFolder: folder, families: registries.families)
      notes.show(baseNotes, unknownKeys: unknownKeys)
      let description = try BaseDescription(
        model, name: base, folder: folder,
        selector: try select.map { try TargetSelector($0) }, method: method, methods: registries.methods)
      if json.isRequested {
        Console.printJSON(try snakeCaseJSON(description))
      } else {
        Console.printLines(description.text)
      }
    }
  }
}
