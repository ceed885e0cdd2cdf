import ArgumentParser
import Foundation
import GraftCore
import GraftHarness

/// `graft compare CONFIG`
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Train several methods on several tasks with several seeds, and report the results.",
    discussion: Help.discussion(
      """
      The configuration lists tasks, seeds, and methods. Writes report.html, report.md, results.json, results.csv, and a run \
      folder for each training run. A run that has already finished with the same configuration, data, base, and program is \
      not repeated, so an interrupted comparison resumes where it stopped.
      """, examples: "graft compare Configs/compare-sst2.yaml",
      "graft compare Configs/compare-sst2.yaml --set 'seeds=[1, 2, 3, 4, 5]'"))

  @Argument(help: "The configuration file, in YAML or JSON.", completion: ConfigurationOptions.fileCompletion)
  var config: String

  @OptionGroup var options: ConfigurationOptions

  @OptionGroup var json: JSONFlag

  @Flag(help: "Print only the tables.")
  var quiet = false

  func validate() throws { try options.requireOutputName() }

  func run() throws {
    var file = try ConfigurationFile(path: config)
    try options.apply(to: &file)
    let comparison = try file.comparison(registries: Graft.registries(), output: options.output)
    Interruption.watch()
    let report = ComparisonReport(toStandardError: json.isRequested, quiet: quiet)
    let results = try Comparison(comparison).run(isStopped: { Interruption.isRequested }, report: report.show)
    if json.isRequested {
      Console.printJSON(try results.json())
    } else {
      report.finish(results, output: comparison.output)
    }
    if Interruption.isRequested {
      Console.printToStandardError(
        "graft: interrupted; run 'graft compare' again with the same configuration to resume")
      throw ExitCode(Interruption.exitCode)
    }
    if let failure = results.failures.first {
      let count = comparison.experiments.count
      Console.fail(
        "\(results.failures.count) of \(count) training runs failed; the first error: \(failure.reason)", code: 2)
    }
  }
}
