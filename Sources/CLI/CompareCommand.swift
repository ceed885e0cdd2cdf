import ArgumentParser
import Foundation
import GraftCore
import GraftHarness

/// `graft compare CONFIG`
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Train several methods, on several tasks and seeds, and report.",
    discussion: """
      Leaves report.html, report.md, results.json and results.csv, and a run folder for each training. What was finished \
      before, with the same configuration, data, base and program, is not trained again; so an interrupted comparison goes \
      on where it stopped.
      """)

  @Argument(help: "The configuration, a YAML file with tasks, seeds and methods.")
  var config: String

  @Option(name: .customLong("set"), help: "Change one value: --set seeds=[1,2]. May be repeated.")
  var changes: [String] = []

  @Option(help: "The folder for all of it, in place of the configuration's.")
  var output: String?

  @Flag(help: "Print the results as one JSON object.")
  var json = false

  @Flag(help: "Print nothing but the tables.")
  var quiet = false

  func run() throws {
    var file = try ConfigurationFile(path: config)
    for change in changes { try file.set(change) }
    let comparison = try file.comparison(methods: Graft.methods(), output: output)
    Interruption.watch()
    let report = ComparisonReport(toStandardError: json, quiet: quiet)
    let results = try Comparison(comparison).run(isStopped: { Interruption.isAsked }, report: report.tell)
    if json { Console.printJSON(try results.json()) } else { report.end(results, output: comparison.output) }
    if Interruption.isAsked {
      Console.tell("graft: interrupted; 'graft compare' with the same configuration goes on from here")
      throw ExitCode(Interruption.exitCode)
    }
    if let failure = results.failures.first {
      let count = comparison.experiments.count
      Console.fail("\(results.failures.count) of \(count) trainings failed, the first one: \(failure.reason)", code: 2)
    }
  }
}
