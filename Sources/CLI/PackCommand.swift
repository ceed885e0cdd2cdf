import ArgumentParser
import GraftCore
import GraftHarness
import GraftSupport

/// `graft pack FILE`
struct PackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pack", abstract: "Make an adapter file smaller, and see what that costs.",
    discussion: """
      Without --dtype and --tolerance it shows all choices and writes nothing. f32 keeps every bit; int8 has a scale for \
      each row or column.
      """)

  @Argument(help: "The adapter file.")
  var file: String

  @Option(help: "How to keep the values: f32, f16, bf16 or int8.")
  var dtype: String?

  @Option(help: "Take the smallest file whose logits are off by at most this much.")
  var tolerance: Float?

  @Option(help: "The file to write.")
  var output: String?

  @Option(help: "Where to look for the base, in place of the name in the file.")
  var base: String?

  @Option(help: "A task to evaluate each choice on, such as the file's own.")
  var task: String?

  @Option(help: "Its data: a file, or a folder with the task's files.")
  var data: String?

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let type = try dtype.map { name in
      guard let type = StoredType(rawValue: name) else {
        throw PackMistake(
          description:
            "--dtype: expected \(StoredType.allCases.map(\.rawValue).joined(separator: ", ")), got \(quoted(name))"
            + didYouMean(name, in: StoredType.allCases.map(\.rawValue)))
      }
      return type
    }
    if type != nil, tolerance != nil { throw PackMistake(description: "--dtype and --tolerance exclude each other") }
    if let tolerance, !(tolerance >= 0) { throw PackMistake(description: "--tolerance: expected a number from 0") }
    if output != nil, type == nil, tolerance == nil {
      throw PackMistake(description: "--output needs --dtype, or --tolerance, to say what to write")
    }
    if output == nil, type != nil || tolerance != nil {
      throw PackMistake(description: "--output is missing: name the file to write")
    }
    if let output { _ = try OutputFile(output, apartFrom: [file]) }
    let adapter = try LoadedAdapter(file: file, base: base, methods: Graft.methods())
    if let output { _ = try OutputFile(output, apartFrom: [adapter.base.folder]) }
    let examples = task != nil || data != nil ? LoadedAdapter.PackingData(task: task, data: data) : nil
    let choices = try (type.map { [$0] } ?? StoredType.allCases).map {
      try adapter.packed(as: $0, evaluatingOn: examples)
    }
    let chosen: LoadedAdapter.Packing?
    if let tolerance {
      chosen = choices.filter { $0.largestLogitChange <= tolerance }.min { $0.bytes < $1.bytes }
      guard chosen != nil else {
        throw PackMistake(description: "no type of values keeps the logits within \(tolerance); f32 keeps every bit")
      }
    } else {
      chosen = type == nil ? nil : choices.first
    }
    if let chosen, let output { try chosen.write(to: output) }
    if json {
      Console.printJSON(try snakeCaseJSON(Result(choices: choices, output: output, dtype: chosen?.dtype)))
    } else {
      report(choices)
      if let chosen, let output { Console.print("Written: \(output), \(chosen.dtype.rawValue)") }
    }
  }

  private func report(_ choices: [LoadedAdapter.Packing]) {
    let metric = choices.first?.mainMetric
    Console.print("dtype       bytes  largest logit change" + (metric.map { "  \($0)" } ?? ""))
    for choice in choices {
      let value = metric.map { "  " + padded(metricText(choice.metrics?[$0] ?? nil), $0.count) } ?? ""
      Console.print(
        filled(choice.dtype.rawValue, 5) + padded(grouped(choice.bytes), 12)
          + padded("\(choice.largestLogitChange)", 22) + value)
    }
  }

  private struct Result: Encodable {
    let choices: [LoadedAdapter.Packing]
    let output: String?
    let dtype: StoredType?
  }
}

/// Options that don't go together.
private struct PackMistake: UserError {
  let description: String
}
