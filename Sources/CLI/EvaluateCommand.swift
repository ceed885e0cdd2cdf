import ArgumentParser
import Foundation
import GraftCore
import GraftHarness
import GraftSupport

/// `graft evaluate RUN`, `graft evaluate --adapter FILE`
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Evaluate an adapter on its unmodified base.",
    discussion: Help.discussion(
      """
      A run folder knows its data: without --task, --data, and --split, the adapter is evaluated on the run's own evaluation \
      set, also if that was held out from the training file.
      """, examples: "graft evaluate runs/tickets", "graft evaluate runs/tickets --data new.jsonl",
      "graft evaluate --adapter adapter.safetensors.zst --task sst2 --json"))

  @Argument(help: ArgumentHelp("The run folder, or an adapter file.", valueName: "run"), completion: .file())
  var folder: String?

  @Option(help: "The same as RUN.", completion: .file())
  var adapter: String?

  @OptionGroup var loading: LoadingOptions

  @OptionGroup var examples: TaskDataOptions

  @Option(
    help: """
      Which file of a folder to use: dev, train, validation, or any other file name without its extension; by default dev \
      or an equivalent name. All examples of a single file are used.
      """)
  var split: String?

  @OptionGroup var json: JSONFlag

  func validate() throws {
    guard (folder == nil) != (adapter == nil) else {
      throw ValidationError("expected one run folder or adapter file, got \(folder == nil ? "none" : "two")")
    }
  }

  func run() throws {
    let path = folder ?? adapter ?? ""
    let loaded = try loading.load(path)
    let registries = Graft.registries()
    let hasOwnData = examples.task == nil && examples.data == nil && split == nil
    let configuration = hasOwnData ? try RunFolder.configuration(in: path, registries: registries) : nil
    let evaluation =
      try configuration.map { try loaded.evaluate(evaluationSetOf: $0, insteadOf: RunFolder.record(in: path)) }
      ?? loaded.evaluate(task: examples.task, data: examples.data, split: split, tasks: registries.tasks)
    if let note = DataSource.note(unusedFiles: evaluation.unusedFiles) {
      Console.printToStandardError("graft: \(note)")
    }
    if let warning = evaluation.warning { Console.printToStandardError("graft: warning: \(warning)") }
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
