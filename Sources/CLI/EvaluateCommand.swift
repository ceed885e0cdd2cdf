import ArgumentParser
import Foundation
import GraftCore
import GraftHarness
import GraftSupport

/// `graft evaluate --adapter FILE`
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measure an adapter over its untouched base.")

  @Option(help: "The adapter file.")
  var adapter: String

  @Option(help: "Where to look for the base, in place of the name in the file.")
  var base: String?

  @Option(help: "The task, in place of the one in the file.")
  var task: String?

  @Option(help: "A file, or a folder with the task's files; else $GLUE_DIR, else the task's sample.")
  var data: String?

  @Option(
    help: """
      Which file of a folder: dev, train, validation, or any other name without its ending; else dev, or what stands for it. \
      Of one file all examples count.
      """)
  var split: String?

  @OptionGroup var length: LengthOption

  @OptionGroup var notes: NoteOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let loaded = try length.applied(to: LoadedAdapter(file: adapter, base: base, methods: Graft.methods()))
    notes.show(loaded.base)
    let evaluation = try loaded.evaluate(task: task, data: data, split: split)
    if let note = DataSource.note(unusedFiles: evaluation.unusedFiles) { Console.note("graft: \(note)\n") }
    if json {
      Console.printJSON(try evaluation.json())
    } else {
      Console.print("Data: \(evaluation.source), \(evaluation.split), \(grouped(evaluation.examples)) examples")
      Console.print(
        "\(metricsText(evaluation.metrics, main: evaluation.mainMetric)), loss \(fixed(evaluation.loss, 4)), "
          + "\(fixed(evaluation.samplesPerSecond, 0)) samples/s")
    }
  }
}
