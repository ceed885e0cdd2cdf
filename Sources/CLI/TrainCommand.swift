import ArgumentParser
import Foundation
import GraftCore
import GraftHarness

/// `graft train CONFIG`
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train one adapter as described in a configuration file, by options, or both.",
    discussion: Help.discussion(
      """
      Writes a run folder: config.yaml, metrics.jsonl, summary.json, adapter.safetensors.zst, and an event file for \
      TensorBoard. The first Ctrl-C stops the run after the current step, with a complete run folder and exit code 130; the \
      second one stops it immediately. Without a configuration file, --data, --task, or --method is required; for your own \
      data, everything else is chosen as by 'graft init'.
      """, examples: "graft train tickets.yaml", "graft train tickets.yaml --epochs 3 --seed 7 --output runs/seed-7",
      "graft train tickets.yaml --method houlsby --set method.bottleneck=32",
      "graft train --data reviews.csv --method lora --rank 4 --learning-rate 2e-3"))

  @Argument(
    help: "The configuration file, in YAML or JSON; 'graft init' writes one.",
    completion: ConfigurationOptions.fileCompletion)
  var config: String?

  @OptionGroup var keys: CommonKeyOptions

  @OptionGroup var options: ConfigurationOptions

  @OptionGroup var json: JSONFlag

  @Flag(help: "Print only errors, and the summary with --json.")
  var quiet = false

  @Flag(help: "Also list the base's unused tensors, the parameters that it lacks, and unrecognized keys in its files.")
  var verbose = false

  @Flag(
    help: "Profile twenty steps by op: prints a table and writes trace.json for Chrome or Perfetto to the run folder.")
  var profile = false

  func validate() throws {
    try options.requireOutputName()
    guard config != nil || keys.describesRun else {
      throw ValidationError("give a configuration file, such as one that 'graft init FILE' writes, or --data FILE")
    }
  }

  func run() throws {
    let started = ContinuousClock.now
    var file = try config.map { try ConfigurationFile(path: $0) } ?? keys.defaultFile()
    try keys.apply(to: &file)
    try options.apply(to: &file)
    var experiment = try file.decode(ExperimentConfiguration.self, registries: Graft.registries())
    if let output = options.output { experiment.output = output }
    if let config { try RunFolder.requireApart(experiment.output, fromConfiguration: config) }
    let report = TrainingReport(toStandardError: json.isRequested, verbose: verbose, quiet: quiet)
    let trainingProfile = profile ? TrainingProfile() : nil
    let summary = try Experiment(experiment).run(
      started: started, isStopped: { Interruption.isRequested }, profile: trainingProfile,
      begin: { header in
        Interruption.watch()  // until here there is nothing to save, and Ctrl-C ends the program immediately
        report.start(header)
      }, report: report.show)
    if json.isRequested {
      Console.printJSON(try summary.json())
    } else {
      report.finish(summary, output: experiment.output)
    }
    // The table contains only names of ops, so it needs no escaping.
    if let table = trainingProfile?.table, !table.isEmpty { Console.writeToStandardError("\n\(table)\n") }
    if Interruption.isRequested {
      Console.printToStandardError("graft: interrupted after step \(summary.steps); \(experiment.output) is complete")
      throw ExitCode(Interruption.exitCode)
    }
  }
}
