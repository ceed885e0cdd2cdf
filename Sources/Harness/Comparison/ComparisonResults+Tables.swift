import Foundation
import GraftObjectives
import GraftSupport

extension ComparisonResults {
  /// Writes `results.json`, `results.csv`, `report.md`, and `report.html` to a folder.
  func write(to folder: String) throws {
    for (name, text) in zip(Self.fileNames, [try json() + "\n", csv, markdown, html]) {
      try writeAtomically(text, to: "\(folder)/\(name)")
    }
  }

  /// The names of the files that are written.
  static let fileNames = ["results.json", "results.csv", "report.md", "report.html"]

  /// Returns the results as one JSON object.
  public func json() throws -> String { try snakeCaseJSON(self) }

  /// Returns the cells of a task's table, the header first and the baseline last.
  public static func table(_ task: TaskResults) -> [[String]] {
    let header =
      ["method"] + task.metrics.map(Metric.title) + [
        "trainable", "share", "file", "best loss", "training", "samples/s", "evaluation", "memory",
      ]
    let rows = task.methods.map { row in
      [row.label] + task.metrics.map { text(row.metrics[$0] ?? nil) } + [
        grouped(row.trainableParameters), String(format: "%.2f %%", 100 * row.trainableShare), size(row.adapterBytes),
        text(row.bestLoss), String(format: "%.1f s", row.trainSeconds),
        String(format: "%.0f", row.trainSamplesPerSecond), String(format: "%.1f s", row.evalSeconds),
        "\(row.peakMemoryBytes >> 20) MB",
      ]
    }
    let baseline = task.baseline
    let last =
      [baseline.label] + task.metrics.map { text(baseline.metrics[$0] ?? nil) } + [
        "0", none, none, text(baseline.loss), none, none, none, none,
      ]
    return [header] + rows + [last]
  }

  /// The text of a cell without a value.
  private static let none = "–"

  /// Returns the findings about the pairs of methods on one task, one sentence each: first the significant differences, then
  /// how many pairs do not differ. With too few seeds for a test, the only one says how many are missing.
  public static func findings(_ task: TaskResults) -> [String] {
    guard !task.differences.isEmpty else {
      return task.methods.count < 2
        ? []
        : ["Methods are not compared: the metric is undefined, or they were not all evaluated on the same examples."]
    }
    guard task.missingSeeds == 0 else {
      let seeds = PairedBootstrap.minimumSeeds - task.missingSeeds
      return [
        "Differences are tested from five seeds on; this comparison has \(seeds), so \(task.missingSeeds) more "
          + "\(task.missingSeeds == 1 ? "is" : "are") needed."
      ]
    }
    let name = Metric.title(of: task.metrics[0])
    let significant = task.differences.filter(\.isSignificant)
    let sentences = significant.map { pair in
      let (better, worse) = pair.difference > 0 ? (pair.first, pair.second) : (pair.second, pair.first)
      let (low, high) = pair.difference > 0 ? (pair.low, pair.high) : (-pair.high, -pair.low)
      return String(
        format: "%@ is better than %@ by %.4f %@ (95 %% interval %.4f to %.4f, corrected p %.3f).", better, worse,
        abs(pair.difference), name, low, high, pair.probability ?? 1)
    }
    let others = task.differences.count - significant.count
    let rest =
      others == 0
      ? []
      : others == task.differences.count
        ? ["No pair differs significantly at the 5 % level."]
        : ["The other pairs, \(others) of \(task.differences.count), do not differ significantly at the 5 % level."]
    return sentences + rest
  }

  /// Returns notes on what the table shows, one sentence each.
  static func notes(_ task: TaskResults) -> [String] {
    let seeds = task.methods.map(\.runs).max() ?? 0
    return (seeds > 1 ? ["Mean ± standard deviation over the seeds."] : []) + [
      "Memory is the process's peak during the run.",
      "The last row, \(task.baseline.label), needs no training: it always predicts \(task.baseline.summary).",
    ]
  }

  /// Returns a mean with its standard deviation, or `undefined`.
  static func text(_ spread: Spread?) -> String {
    guard let spread else { return "undefined" }
    func text(_ number: Double) -> String { String(format: abs(number) < 1e6 ? "%.4f" : "%.3g", number) }
    return text(spread.mean) + (spread.deviation.map { " ± \(text($0))" } ?? "")
  }

  /// Returns a size such as `4.2 kB`.
  static func size(_ bytes: Int) -> String {
    bytes < 1_000_000 ? String(format: "%.1f kB", Double(bytes) / 1000) : String(format: "%.2f MB", Double(bytes) / 1e6)
  }
}
