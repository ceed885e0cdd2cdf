import ArgumentParser
import GraftCore
import GraftHarness
import GraftSupport

/// `graft export FILE`
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Hand an adapter to peft, or to AdapterHub's adapters.",
    discussion: """
      peft has LoRA in all its forms, prefix tuning on BERT with moved positions, and IA3; AdapterHub's adapters have \
      Houlsby, Pfeiffer and parallel adapters, and plain LoRA. What a toolkit has no place for is an error.
      """)

  @Argument(help: "The adapter file.")
  var file: String

  @Option(help: "The toolkit: peft or adapterhub.")
  var format: String

  @Option(help: "The folder to write; it must not be there.")
  var output: String

  @Option(help: "Where to look for the base, in place of the name in the file.")
  var base: String?

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    guard let format = AdapterExport.Format(rawValue: format) else {
      let known = AdapterExport.Format.allCases.map(\.rawValue)
      throw UnknownFormat(
        description:
          "--format: expected \(known.joined(separator: " or ")), got \(quoted(format))\(didYouMean(format, in: known))"
      )
    }
    _ = try OutputFolder(output)
    let loaded = try LoadedAdapter(file: file, base: base, methods: Graft.methods())
    let report = try AdapterExport(loaded).write(format, to: output)
    guard !json else { return Console.printJSON(try report.json()) }
    Console.print("For \(report.format.rawValue): \(report.output), \(grouped(report.parameters)) parameters")
    for name in report.files { Console.print("  \(name)") }
  }
}

/// A toolkit that is not known.
private struct UnknownFormat: UserError {
  let description: String
}
