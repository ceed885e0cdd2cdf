import ArgumentParser
import GraftAdapterFiles
import GraftCore
import GraftHarness
import GraftInference
import GraftSupport

/// `graft pack FILE`
struct PackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pack", abstract: "Make an adapter file smaller, and show how this changes its logits.",
    discussion: Help.discussion(
      """
      Without --dtype and --tolerance, shows all types and writes nothing. f32 keeps every bit; int8 has one scale per row \
      or column. With --task or --data, the adapter is also evaluated with each type.
      """, examples: "graft pack runs/tickets", "graft pack runs/tickets --dtype bf16 --output small.safetensors.zst"))

  @OptionGroup var adapter: AdapterFileArguments

  @Option(help: "The type in which the values are stored.")
  var dtype: OptionChoice<StoredType>?

  @Option(help: "Write the smallest file whose logits change by at most this much.")
  var tolerance: Float?

  @Option(help: "The file to write.", completion: .file())
  var output: String?

  @OptionGroup var examples: TaskDataOptions

  @OptionGroup var json: JSONFlag

  func run() throws {
    try checkOptions()
    if let output { _ = try OutputFile(output, apartFrom: [adapter.file]) }
    let loaded = try adapter.load()
    if let output { _ = try OutputFile(output, apartFrom: [loaded.base.folder]) }
    let evaluates = examples.task != nil || examples.data != nil
    let data =
      evaluates
      ? LoadedAdapter.PackingData(
        task: examples.task, data: examples.data, tasks: Graft.registries().tasks) : nil
    let choices = try (dtype.map { [$0.value] } ?? StoredType.allCases).map { type in
      try data.map { try loaded.packed(as: type, evaluatingOn: $0) } ?? loaded.packed(as: type)
    }
    let chosen: LoadedAdapter.Packing?
    if let tolerance {
      chosen = choices.filter { $0.largestLogitChange <= tolerance }.min { $0.bytes < $1.bytes }
      guard chosen != nil else {
        throw PackError(
          description: "--tolerance: no type changes the logits by at most \(tolerance); --dtype f32 keeps every bit")
      }
    } else {
      chosen = dtype == nil ? nil : choices.first
    }
    if let chosen, let output { try chosen.write(to: output) }
    if json.isRequested {
      Console.printJSON(try snakeCaseJSON(Result(choices: choices, output: output, dtype: chosen?.dtype)))
    } else {
      printTable(choices)
      if let chosen, let output { Console.print("Written: \(output), \(chosen.dtype.rawValue)") }
    }
  }

  /// Checks that the options can be combined, before any work is done.
  private func checkOptions() throws {
    if dtype != nil, tolerance != nil {
      throw PackError(description: "--dtype and --tolerance cannot be combined; give one of them")
    }
    if let tolerance, !(tolerance >= 0) {
      throw PackError(description: "--tolerance: expected a number that is at least 0, got \(tolerance)")
    }
    if output != nil, dtype == nil, tolerance == nil {
      throw PackError(description: "--output requires --dtype or --tolerance, which determine what to write")
    }
    if output == nil, dtype != nil || tolerance != nil {
      throw PackError(
        description: "\(dtype != nil ? "--dtype" : "--tolerance") requires --output with the file to write")
    }
  }

  private func printTable(_ choices: [LoadedAdapter.Packing]) {
    let metric = choices.first?.mainMetric
    Console.print("dtype       bytes  largest logit change" + (metric.map { "  \($0)" } ?? ""))
    for choice in choices {
      let value = metric.map { "  " + padded(metricText(choice.metrics?[$0] ?? nil), $0.count) } ?? ""
      Console.print(
        filled(choice.dtype.rawValue, 5) + padded(grouped(choice.bytes), 12)
          + padded("\(choice.largestLogitChange)", 22) + value)
    }
  }

  /// The JSON output; the property names are its keys.
  private struct Result: Encodable {
    let choices: [LoadedAdapter.Packing]
    let output: String?
    let dtype: StoredType?
  }
}

/// The error for options that cannot be combined, and for a tolerance that no type meets.
private struct PackError: UserError {
  let description: String
}
