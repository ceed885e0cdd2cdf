import ArgumentParser
import Foundation
import GraftCore
import GraftHarness

/// `graft train CONFIG`
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train one adapter as a configuration file says.",
    discussion: """
      Leaves a run folder: config.yaml, metrics.jsonl, summary.json, adapter.safetensors.zst and an event file for
      TensorBoard. Ctrl-C ends the run at its next step, with a whole folder and exit code 130; a second one at once.
      """)

  @Argument(help: "The configuration, a YAML file.")
  var config: String

  @Option(name: .customLong("set"), help: "Change one value: --set training.seed=3. May be repeated.")
  var changes: [String] = []

  @Option(help: "The run's folder, in place of the configuration's.")
  var output: String?

  @Flag(help: "Print the summary as one JSON object.")
  var json = false

  @Flag(help: "Print nothing but mistakes (and the summary with --json).")
  var quiet = false

  @Flag(
    help:
      "Tell more: tensors of the base that nothing uses, parameters that it lacks, keys of its files that are not known."
  )
  var verbose = false

  @Flag(help: "Measure twenty steps, op by op: a table, and trace.json in the run's folder for Chrome or Perfetto.")
  var profile = false

  func validate() throws {
    guard output?.isEmpty != true else { throw ValidationError("--output names a folder") }
  }

  func run() throws {
    let started = ContinuousClock.now
    let methods = Graft.methods()
    var file = try ConfigurationFile(path: config)
    for change in changes { try file.set(change) }
    var experiment = try file.decode(ExperimentConfiguration.self, methods: methods)
    if let output { experiment.output = output }
    try RunFolder.requireApart(experiment.output, fromConfiguration: config)
    let report = TrainingReport(toStandardError: json, verbose: verbose, quiet: quiet)
    let measured = profile ? TrainingProfile() : nil
    let summary = try Experiment(experiment).run(
      started: started, isStopped: { Interruption.isAsked }, profile: measured,
      begin: { header in
        Interruption.watch()  // until then there is nothing to finish, and Ctrl-C ends the program at once
        report.begin(header)
      }, report: report.tell)
    if json {
      Console.printJSON(try summary.json())
    } else {
      report.end(summary, output: experiment.output)
    }
    if let table = measured?.table, !table.isEmpty { Console.note("\n\(table)\n") }  // made of names of ours
    if Interruption.isAsked {
      Console.tell("graft: interrupted after step \(summary.steps); \(experiment.output) is complete")
      throw ExitCode(Interruption.exitCode)
    }
  }
}
