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

  /// Returns the cells of a task's table, the header first.
  public static func table(_ task: TaskResults) -> [[String]] {
    let header =
      ["method", "trainable", "share", "file"] + task.metrics.map(Metric.title) + [
        "best loss", "training", "samples/s", "evaluation", "memory",
      ]
    return [header]
      + task.methods.map { row in
        let share = 100 * Double(row.trainableParameters) / Double(row.totalParameters)
        return [
          row.label, grouped(row.trainableParameters), String(format: "%.2f %%", share), size(row.adapterBytes),
        ] + task.metrics.map { text(row.metrics[$0] ?? nil) } + [
          text(row.bestLoss), String(format: "%.1f s", row.trainSeconds),
          String(format: "%.0f", row.trainSamplesPerSecond), String(format: "%.1f s", row.evalSeconds),
          "\(row.peakMemoryBytes >> 20) MB",
        ]
      }
  }

  /// Returns the findings about the pairs of methods on one task, one sentence each: first the significant differences, then
  /// how many pairs do not differ.
  public static func findings(_ task: TaskResults) -> [String] {
    guard !task.differences.isEmpty else {
      return task.methods.count < 2
        ? []
        : ["Methods are not compared: the metric is undefined, or they were not all evaluated on the same examples."]
    }
    let name = Metric.title(of: task.metrics[0])
    let significant = task.differences.filter(\.isSignificant).map { pair in
      let (better, worse) = pair.difference > 0 ? (pair.first, pair.second) : (pair.second, pair.first)
      let (low, high) = pair.difference > 0 ? (pair.low, pair.high) : (-pair.high, -pair.low)
      return String(
        format: "%@ is better than %@ by %.4f %@ (95 %% interval %.4f to %.4f, corrected p %.3f).", better, worse,
        abs(pair.difference), name, low, high, pair.probability)
    }
    let others = task.differences.count - significant.count
    let rest =
      others == 0
      ? []
      : others == task.differences.count
        ? ["No pair differs significantly at the 5 % level."]
        : ["The other pairs, \(others) of \(task.differences.count), do not differ significantly at the 5 % level."]
    return significant + rest
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
