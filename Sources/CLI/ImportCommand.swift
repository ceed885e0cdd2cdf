import ArgumentParser
import GraftAdapterFiles
import GraftCore
import GraftExchange
import GraftHarness
import GraftSupport

/// `graft import DIR`
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Convert an adapter from peft, AdapterHub's adapters, or mlx.",
    discussion: Help.discussion(
      """
      Give the base that the adapter was trained on, because the other toolkits' files do not identify it. Anything that \
      Graft cannot honor is an error; nothing is dropped silently.
      """, examples: "graft import peft --base all-MiniLM-L6-v2 --output new.safetensors.zst"))

  @Argument(help: "The folder saved by the other toolkit.", completion: .directory)
  var folder: String

  @Option(
    help: "The base that the adapter was trained on: a name in the cache or a folder.",
    completion: .directory)
  var base: String

  @Option(help: "The adapter file to write.", completion: .file())
  var output: String

  @Option(
    help: """
      The names of the labels in the order of the logits: separated by commas (with quotes around a name that contains one: \
      "a, b",c), or a JSON list; by default those stored by the toolkit, or LABEL_0 and so on.
      """)
  var labels: String?

  @Option(
    name: .customLong("labels-file"), help: "A file with one name per line, instead of --labels.",
    completion: .file())
  var labelsFile: String?

  @Option(
    name: .customLong("max-length"),
    help: "The maximum sequence length used in training, in tokens; by default the one stored by the toolkit, or 256."
  )
  var maxLength: Int?

  @Option(help: "The built-in task of the adapter, such as sst2; by default your own data.")
  var task: String?

  @Option(
    help: """
      What the adapter has learned, such as multi_label; by default regression for a head with one output, or else \
      classification, unless the toolkit stores it.
      """)
  var objective: String?

  @OptionGroup var notes: NoteOptions

  @OptionGroup var json: JSONFlag

  func run() throws {
    _ = try OutputFile(output, apartFrom: [folder, labelsFile].compactMap { $0 })
    guard [labels, labelsFile, task].compactMap({ $0 }).count < 2 else { throw ExchangeError.severalLabels }
    let names = try labels.map { try LabelNames.parse($0) } ?? labelsFile.map { try LabelNames.read(file: $0) }
    let registries = Graft.registries()
    let base = try Graft.base(base)
    notes.show(base)
    let report = try AdapterImport(
      base: base, methods: registries.methods, objectives: registries.objectives
    ).run(
      folder, labels: names, task: try task.map { try registries.tasks.task(named: $0).adapterTask },
      objective: objective, maxLength: maxLength, to: output)
    for note in report.notes { Console.printToStandardError("graft: note: \(note)") }
    if report.maxLengthAssumed {
      Console.printToStandardError(
        "graft: \(report.toolkit) does not store the maximum sequence length used in training; assumed "
          + "\(report.maxLength) tokens. If it was a different length, import again with --max-length N.")
    }
    guard !json.isRequested else { return Console.printJSON(try report.json()) }
    Console.print("From \(report.toolkit): \(report.method), \(grouped(report.parameters)) parameters")
    Console.print(
      "Base: \(report.base)" + (report.namedBase.map { "; \(report.toolkit) calls it \(quoted($0))" } ?? ""))
    Console.print("Objective: \(report.objective)")
    Console.print("Labels: \(LabelNames.text(report.labels))")
    Console.print("Maximum length: \(report.maxLength) tokens" + (report.maxLengthAssumed ? " (assumed)" : ""))
    Console.print("Written: \(report.output), \(grouped(report.bytes)) bytes")
  }
}
