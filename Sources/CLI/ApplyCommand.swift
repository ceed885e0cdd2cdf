import ArgumentParser
import GraftAdapterFiles
import GraftCore
import GraftHarness
import GraftSupport

/// `graft apply`
struct ApplyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply", abstract: "Merge adapters into a copy of their base on disk.",
    discussion: Help.discussion(
      """
      Writes a folder that transformers loads as an ordinary classifier. An undo record in the folder lets 'graft remove' \
      restore the base's files byte for byte. Methods that do not change weights (Houlsby adapters, prefix tuning) cannot be \
      merged.
      """, examples: "graft apply --adapter runs/tickets --output merged"))

  @Option(
    name: .customLong("adapter"), parsing: .upToNextOption,
    help: "The adapter files or run folders, merged in this order; the folder uses the head of the last one.",
    completion: .file())
  var adapters: [String]

  @OptionGroup var base: BaseOption

  @OptionGroup var output: OutputFolderOption

  @OptionGroup var notes: NoteOptions

  @OptionGroup var json: JSONFlag

  func run() throws {
    try output.check()
    let files = try adapters.map { try NamedAdapter(path: $0) }
    for adapter in files { try Graft.registries().objectives.check(adapter.file) }
    let storedName = files.first?.file.metadata.base.name
    let base = try Graft.base(base.location ?? storedName ?? "")
    notes.show(base)
    let report = try MergedFolder(base: base, named: storedName, methods: Graft.registries().methods)
      .write(files, to: output.path)
    guard !json.isRequested else { return Console.printJSON(try report.json()) }
    Console.print("Merged \(report.adapters.joined(separator: ", ")) into \(report.base), written to \(output.path)")
    Console.print("Changed: \(report.changedTensors) tensors, \(grouped(report.changedBytes)) bytes.")
    Console.print(
      "Undo record: \(grouped(report.undoBytes)) bytes (\(fixed(100 * report.undoShare, 1)) % of the changed bytes), "
        + "plus the adapter files.")
    Console.print(
      "Probe: the merged and the attached adapters' logits differ by at most \(report.largestLogitChange).")
  }
}
