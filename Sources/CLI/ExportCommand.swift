import ArgumentParser
import GraftCore
import GraftExchange
import GraftHarness
import GraftSupport

/// `graft export FILE`
struct ExportCommand: ParsableCommand {
  static var configuration: CommandConfiguration {
    let methods = Graft.registries().methods
    return CommandConfiguration(
      commandName: "export", abstract: "Convert an adapter for peft or AdapterHub's adapters.",
      discussion: Help.discussion(
        """
        Methods for peft: \(methods.titles(exportableTo: .peft)); for AdapterHub's adapters: \
        \(methods.titles(exportableTo: .adapterHub)). An option that the toolkit cannot represent is an error.
        """, examples: "graft export runs/tickets --format peft --output tickets-peft"))
  }

  @OptionGroup var adapter: AdapterFileArguments

  @Option(help: "The toolkit.")
  var format: OptionChoice<AdapterExport.Format>

  @OptionGroup var output: OutputFolderOption

  @OptionGroup var json: JSONFlag

  func run() throws {
    try output.check()
    let report = try AdapterExport(adapter.load()).write(format.value, to: output.path)
    for note in report.notes { Console.printToStandardError("graft: note: \(note)") }
    guard !json.isRequested else { return Console.printJSON(try report.json()) }
    Console.print("For \(report.format.rawValue): \(report.output), \(grouped(report.parameters)) parameters")
    for name in report.files { Console.print("  \(name)") }
  }
}
