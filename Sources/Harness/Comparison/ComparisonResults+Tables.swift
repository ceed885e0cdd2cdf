import Foundation
import GraftSupport

extension ComparisonResults {
  /// Writes `results.json`, `results.csv`, `report.md` and `report.html` into a folder.
  func write(to folder: String) throws {
    for (name, text) in zip(Self.fileNames, [try json() + "\n", csv, markdown, html]) {
      try writeAtomically(text, to: "\(folder)/\(name)")
    }
  }

  /// The files that are written.
  static let fileNames = ["results.json", "results.csv", "report.md", "report.html"]

  /// One JSON object.
  public func json() throws -> String { try snakeCaseJSON(self) }

  /// The cells of one task's table, the header first.
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

  /// What the pairs of one task say, a sentence each: the real differences, then that there are no others.
  public static func findings(_ task: TaskResults) -> [String] {
    guard !task.differences.isEmpty else {
      return task.methods.count < 2
        ? []
        : ["Pairs are not compared: the metric is undefined, or not all were evaluated on the same examples."]
    }
    let name = Metric.title(of: task.metrics[0])
    let real = task.differences.filter(\.isReal).map { pair in
      let (better, worse) = pair.difference > 0 ? (pair.first, pair.second) : (pair.second, pair.first)
      let (low, high) = pair.difference > 0 ? (pair.low, pair.high) : (-pair.high, -pair.low)
      return String(
        format: "%@ is better than %@ by %.4f %@ (95 %% of draws %.4f to %.4f, corrected p %.3f).", better, worse,
        abs(pair.difference), name, low, high, pair.probability)
    }
    let others = task.differences.count - real.count
    let rest =
      others == 0
      ? []
      : others == task.differences.count
        ? ["No pair differs at 95 %."] : ["Other pairs, \(others) of \(task.differences.count), do not differ at 95 %."]
    return real + rest
  }

  /// Mean and deviation, or that there is none.
  static func text(_ spread: Spread?) -> String {
    guard let spread else { return "undefined" }
    func text(_ number: Double) -> String { String(format: abs(number) < 1e6 ? "%.4f" : "%.3g", number) }
    return text(spread.mean) + (spread.deviation.map { " ± \(text($0))" } ?? "")
  }

  /// `4.2 kB`
  static func size(_ bytes: Int) -> String {
    bytes < 1_000_000 ? String(format: "%.1f kB", Double(bytes) / 1000) : String(format: "%.2f MB", Double(bytes) / 1e6)
  }
}
