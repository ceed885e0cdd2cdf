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
      "The classes' names in the order of the logits, with commas between them (in quotes where a name has one: \"a, b\",c), or a JSON list; else the toolkit's, or LABEL_0 and so on."
  )
  var labels: String?

  @Option(
    name: .customLong("labels-file"), help: "A file with the classes' names, one on each line, in place of --labels.")
  var labelsFile: String?

  @Option(
    name: .customLong("max-length"),
    help: "The longest sequence in training, in tokens, which the other toolkits don't store; else 256.")
  var maxLength: Int?

  @Option(help: "The built-in task that it is for, such as sst2; else your own data.")
  var task: String?

  @OptionGroup var notes: NoteOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    _ = try OutputFile(output, apartFrom: [folder, labelsFile].compactMap { $0 })
    guard [labels, labelsFile, task].compactMap({ $0 }).count < 2 else { throw ExchangeError.severalLabels }
    let names = try labels.map { try LabelNames.parse($0) } ?? labelsFile.map { try LabelNames.read(file: $0) }
    let base = try PretrainedBase(base)
    notes.show(base)
    let report = try AdapterImport(base: base, methods: Graft.methods()).run(
      folder, labels: names, task: task, maxLength: maxLength, to: output)
    for note in report.notes { Console.tell("graft: note: \(note)") }
    if report.maxLengthAssumed {
      Console.tell(
        "graft: \(report.toolkit) does not store the longest sequence of the training; assumed \(report.maxLength) tokens. "
          + "If texts were cut at another length, import again with --max-length N.")
    }
    guard !json else { return Console.printJSON(try report.json()) }
    Console.print("From \(report.toolkit): \(report.method), \(grouped(report.parameters)) parameters")
    Console.print(
      "Base: \(report.base)" + (report.namedBase.map { "; \(report.toolkit) calls it \(quoted($0))" } ?? ""))
    Console.print("Labels: \(LabelNames.text(report.labels))")
    Console.print("Longest sequence: \(report.maxLength) tokens" + (report.maxLengthAssumed ? ", assumed" : ""))
    Console.print("Written: \(report.output), \(grouped(report.bytes)) bytes")
  }
}
