import Foundation
import GraftObjectives
import GraftSupport

extension ComparisonResults {
  /// The report as one self-contained HTML page.
  package var html: String {
    """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(escaped(headline))</title>
    <style>
    \(ReportStyle.css)
    </style></head><body>
    <h1>\(escaped(headline))</h1>
    <p class="soft">\(escaped(setting))</p>
    \(tasks.map(section).joined(separator: "\n"))
    \(failed)
    <h2>Configurations</h2>
    \(configurations)
    <h2>Environment</h2>
    <p class="soft">\(escaped(environment))</p>
    <script>
    \(ReportStyle.script)
    </script>
    </body></html>

    """
  }

  private var headline: String {
    let count = Set(tasks.flatMap { $0.methods.map(\.label) }).count
    let titles = tasks.map(\.title).joined(separator: ", ")
    return "\(count) method\(count == 1 ? "" : "s") on \(titles.isEmpty ? "no finished task" : titles)"
  }

  private var setting: String {
    "Base \(base). Seed\(seeds.count == 1 ? "" : "s") \(seeds.map { "\($0)" }.joined(separator: ", "))."
      + (isComplete ? "" : " Some runs are missing.")
  }

  private var environment: String {
    versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: " · ")
      + String(format: " · total time of the runs %.0f s", seconds)
  }

  /// The configuration of each method and task with every resolved value, for the first seed.
  private var configurations: String {
    tasks.flatMap { task in
      task.methods.map { row in
        "<details><summary>\(escaped("\(row.label) on \(task.title)"))</summary>"
          + "<pre>\(escaped(row.configuration))</pre></details>"
      }
    }.joined(separator: "\n")
  }

  private var failed: String {
    guard !failures.isEmpty else { return "" }
    let items = failures.map {
      "<li>\(escaped("\($0.label) on \($0.task), seed \($0.seed): \($0.reason)"))</li>"
    }
    return "<h2>Failed</h2><ul>\(items.joined())</ul>"
  }

  private func section(_ task: TaskResults) -> String {
    let findings = Self.findings(task).map { "<li>\(escaped($0))</li>" }.joined()
    return """
      <h2>\(escaped(task.title))</h2>
      <p>\(grouped(task.data.trainExamples)) training, \(grouped(task.data.evalExamples)) evaluation examples: \(escaped(task.data.source)).</p>
      <div class="wide">\(table(task))</div>
      <p class="soft">Mean ± standard deviation over the seeds. Memory is the process's peak during the run.</p>
      <ul>\(findings)</ul>
      <ul class="legend">\(legend(task))</ul>
      <div class="charts">
      \(charts(task))
      </div>
      """
  }

  private func table(_ task: TaskResults) -> String {
    let cells = Self.table(task)
    let head = cells[0].map { "<th scope=\"col\"><button>\(escaped($0))</button></th>" }.joined()
    let rows = zip(task.methods, cells.dropFirst()).enumerated().map { index, pair in
      let (row, texts) = pair
      let values = Self.values(row, task)
      let columns = zip(texts, values).enumerated().map { column, cell in
        let key = column == 0 ? "<span class=\"key c\(index % 8)\" style=\"background:currentColor\"></span>" : ""
        return "<td data-value=\"\(escaped(cell.1))\">\(key)\(escaped(cell.0))</td>"
      }
      return "<tr>\(columns.joined())</tr>"
    }
    return
      "<table class=\"sortable\"><thead><tr>\(head)</tr></thead><tbody>\(rows.joined(separator: "\n"))</tbody></table>"
  }

  /// Returns the sort keys of a row's cells.
  private static func values(_ row: Row, _ task: TaskResults) -> [String] {
    [
      row.label, "\(row.trainableParameters)", "\(Double(row.trainableParameters) / Double(row.totalParameters))",
      "\(row.adapterBytes)",
    ] + task.metrics.map { (row.metrics[$0] ?? nil).map { "\($0.mean)" } ?? "" } + [
      "\(row.bestLoss.mean)", "\(row.trainSeconds)", "\(row.trainSamplesPerSecond)", "\(row.evalSeconds)",
      "\(row.peakMemoryBytes)",
    ]
  }

  private func legend(_ task: TaskResults) -> String {
    task.methods.enumerated().map { index, row in
      "<li><span class=\"key c\(index % 8)\" style=\"background:currentColor\"></span>\(escaped(row.label))</li>"
    }.joined()
  }

  private func charts(_ task: TaskResults) -> String {
    let main = task.metrics[0]
    let name = Metric.title(of: main)
    let title: String = name.prefix(1).uppercased() + name.dropFirst()
    func lines(_ value: (FinishedRun.CurvePoint) -> Double?) -> [Chart.Line] {
      task.methods.enumerated().map { index, row in
        Chart.Line(
          label: row.label, color: index % 8,
          seeds: row.curves.map { $0.compactMap { point in value(point).map { (Double(point.step), $0) } } })
      }
    }
    func points(_ x: (Row) -> Int) -> [Chart.Point] {
      task.methods.enumerated().compactMap { index, row in
        (row.metrics[main] ?? nil).map {
          Chart.Point(label: row.label, color: index % 8, x: Double(x(row)), y: $0.mean, deviation: $0.deviation)
        }
      }
    }
    return [
      Chart(title: "Validation loss during training", horizontal: "step", vertical: "loss").lines(lines(\.loss)),
      Chart(
        title: "\(title) during training", horizontal: "step",
        vertical: name
      )
      .lines(lines { $0.metrics[main] ?? nil }),
      Chart(
        title: "\(title) by trainable parameters", horizontal: "trainable parameters (dashed: Pareto front)",
        vertical: name
      ).scatter(points(\.trainableParameters)),
      Chart(title: "\(title) by file size", horizontal: "bytes (dashed: Pareto front)", vertical: name)
        .scatter(points(\.adapterBytes)),
    ].joined(separator: "\n")
  }
}
