import ArgumentParser
import GraftCore
import GraftHarness
import GraftSupport

/// `graft apply`
struct ApplyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply", abstract: "Work adapters into a copy of their base, on disk.",
    discussion: """
      Writes a folder that transformers loads as an ordinary classifier, with an undo record by which 'graft remove' gives \
      the base's files back to the last byte. Methods that are no change of weights (Houlsby adapters, prefix tuning) \
      can't be applied.
      """)

  @Option(
    name: .customLong("adapter"), parsing: .upToNextOption,
    help: "The adapter files or run folders, applied in this order; the last one's head answers.")
  var adapters: [String]

  @Option(help: "Where to look for the base, in place of the name in the first file.")
  var base: String?

  @Option(help: "The folder to write; it must not be there.")
  var output: String

  @OptionGroup var notes: NoteOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    _ = try OutputFolder(output)
    let files = try adapters.map { try NamedAdapter(path: $0) }
    let name = base ?? files.first?.file.metadata.base.name ?? ""
    let base = try PretrainedBase(name)
    notes.show(base)
    let report = try MergedFolder(
      base: base, named: files.first?.file.metadata.base.name, methods: Graft.methods()
    )
    .write(files, to: output)
    guard !json else { return Console.printJSON(try report.json()) }
    Console.print("Base: \(report.base), with \(report.adapters.joined(separator: ", ")) in it: \(output)")
    Console.print("Changed: \(report.changedTensors) tensors, \(grouped(report.changedBytes)) bytes.")
    Console.print(
      "Undo record: \(grouped(report.undoBytes)) bytes, \(fixed(100 * report.undoShare, 1)) % of these, and the adapters."
    )
    Console.print("Probe: a logit is at most \(report.largestLogitChange) from what the attached adapters give.")
  }
}
