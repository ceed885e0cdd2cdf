import Foundation
import GraftSupport

extension ComparisonResults {
  /// Writes `results.json`, `results.csv`, `report.md` and `report.html` into a folder.
  func write(to folder: String) throws {
    try writeAtomically(json() + "\n", to: "\(folder)/results.json")
    try writeAtomically(csv, to: "\(folder)/results.csv")
    try writeAtomically(markdown, to: "\(folder)/report.md")
    try writeAtomically(html, to: "\(folder)/report.html")
  }

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

  /// A text that Markdown takes as it is.
  private static func inMarkdown(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("|", with: "\\|").replacing("`", with: "\\`")
      .replacing("&", with: "&amp;").replacing("<", with: "&lt;")
  }

  static func size(_ bytes: Int) -> String {
    bytes < 1_000_000 ? String(format: "%.1f kB", Double(bytes) / 1000) : String(format: "%.2f MB", Double(bytes) / 1e6)
  }

  /// A row for each method and task; numbers bare.
  package var csv: String {
    func quoted(_ text: String) -> String {
      text.contains { ",\"\n\r".contains($0) } ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }
    let names = tasks.flatMap(\.metrics).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let head =
      ["task", "label", "method", "runs", "trainable_parameters", "total_parameters", "adapter_bytes"]
      + names.flatMap { [$0, "\($0)_deviation"] } + [
        "best_loss", "train_seconds", "train_samples_per_second", "eval_seconds", "peak_memory_bytes",
      ]
    let rows = tasks.flatMap { task in
      task.methods.map { row in
        [
          task.task, quoted(row.label), row.method, "\(row.runs)", "\(row.trainableParameters)",
          "\(row.totalParameters)", "\(row.adapterBytes)",
        ]
          + names.flatMap { name -> [String] in
            let spread = row.metrics[name] ?? nil
            return [spread.map { "\($0.mean)" } ?? "", spread?.deviation.map { "\($0)" } ?? ""]
          } + [
            "\(row.bestLoss.mean)", "\(row.trainSeconds)", "\(row.trainSamplesPerSecond)", "\(row.evalSeconds)",
            "\(row.peakMemoryBytes)",
          ]
      }
    }
    return ([head] + rows).map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n"
  }

  package var markdown: String {
    var lines = ["# Comparison over \(base)", "", "Seeds: \(seeds.map { "\($0)" }.joined(separator: ", ")).", ""]
    for task in tasks {
      lines += [
        "## \(task.title)", "",
        "\(task.data.trainExamples) training, \(task.data.evalExamples) evaluation examples: \(task.data.source).", "",
      ]
      let cells = Self.table(task).map { $0.map(Self.inMarkdown) }
      lines += ["| \(cells[0].joined(separator: " | ")) |", "|" + cells[0].map { _ in "---|" }.joined()]
      lines += cells.dropFirst().map { "| \($0.joined(separator: " | ")) |" } + [""]
      lines += Self.findings(task).map { "- \($0)" } + [""]
    }
    if !failures.isEmpty {
      lines += ["## Failed", ""] + failures.map { "- \($0.label) on \($0.task), seed \($0.seed): \($0.reason)" } + [""]
    }
    lines += [versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")]
    return lines.joined(separator: "\n") + "\n"
  }
}
