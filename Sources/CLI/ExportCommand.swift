import ArgumentParser
import GraftCore
import GraftExchange
import GraftHarness
import GraftSupport

/// `graft export FILE`
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Convert an adapter for peft or AdapterHub's adapters.",
    discussion: """
      peft supports LoRA in all its forms, prefix tuning on BERT with moved positions, and IA3; AdapterHub's adapters \
      support Houlsby, Pfeiffer, and parallel adapters, and plain LoRA. Anything that the toolkit cannot represent is an \
      error.
      """)

  @OptionGroup var adapter: AdapterFileArguments

  @Option(help: "The toolkit.")
  var format: OptionChoice<AdapterExport.Format>

  @OptionGroup var output: OutputFolderOption

  @OptionGroup var json: JSONFlag

  func run() throws {
    try output.check()
    let report = try AdapterExport(adapter.load()).write(format.value, to: output.path)
    guard !json.isRequested else { return Console.printJSON(try report.json()) }
    Console.print("For \(report.format.rawValue): \(report.output), \(grouped(report.parameters)) parameters")
    for name in report.files { Console.print("  \(name)") }
  }
}
