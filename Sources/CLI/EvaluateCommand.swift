import ArgumentParser
import Foundation
import GraftCore
import GraftHarness
import GraftSupport

/// `graft evaluate --adapter FILE`
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Evaluate an adapter on its unmodified base.")

  @OptionGroup var adapter: AdapterOptions

  @OptionGroup var examples: TaskDataOptions

  @Option(
    help: """
      Which file of a folder to use: dev, train, validation, or any other file name without its extension; by default dev \
      or an equivalent name. All examples of a single file are used.
      """)
  var split: String?

  @OptionGroup var json: JSONFlag

  func run() throws {
    let evaluation = try adapter.load().evaluate(
      task: examples.task, data: examples.data, split: split, tasks: Graft.registries().tasks)
    if let note = DataSource.note(unusedFiles: evaluation.unusedFiles) {
      Console.printToStandardError("graft: \(note)")
    }
    if json.isRequested {
      Console.printJSON(try evaluation.json())
    } else {
      Console.print("Data: \(evaluation.source), \(evaluation.split), \(grouped(evaluation.examples)) examples")
      Console.print(
        "\(metricsText(evaluation.metrics, main: evaluation.mainMetric)), loss \(fixed(evaluation.loss, 4)), "
          + "\(fixed(evaluation.samplesPerSecond, 0)) samples/s")
    }
  }
}
