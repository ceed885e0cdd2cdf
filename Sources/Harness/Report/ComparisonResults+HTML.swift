import Foundation
import GraftSupport

extension ComparisonResults {
  /// The report as one page that needs nothing else.
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
    return "\(count) method\(count == 1 ? "" : "s") on \(titles.isEmpty ? "nothing yet" : titles)"
  }

  private var setting: String {
    "Base \(base). Seed\(seeds.count == 1 ? "" : "s") \(seeds.map { "\($0)" }.joined(separator: ", "))."
      + (isComplete ? "" : " Not every training is there.")
  }

  private var environment: String {
    versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: " · ")
      + String(format: " · the trainings took %.0f s", seconds)
  }

  /// Each training's configuration with every value in force, by its first seed.
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
      <p class="soft">Mean ± standard deviation over the seeds. Memory is the process's peak during the training.</p>
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

  /// What each cell is sorted by.
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
    let (main, name) = (task.metrics[0], Metric.title(of: task.metrics[0]))
    func lines(_ value: (FinishedRun.CurvePoint) -> Double?) -> [Chart.Line] {
      task.methods.enumerated().map { index, row in
        Chart.Line(
          label: row.label, colour: index % 8,
          seeds: row.curves.map { $0.compactMap { point in value(point).map { (Double(point.step), $0) } } })
      }
    }
    func points(_ x: (Row) -> Int) -> [Chart.Point] {
      task.methods.enumerated().compactMap { index, row in
        (row.metrics[main] ?? nil).map {
          Chart.Point(label: row.label, colour: index % 8, x: Double(x(row)), y: $0.mean, deviation: $0.deviation)
        }
      }
    }
    return [
      Chart(title: "Validation loss along the training", horizontal: "step", vertical: "loss").lines(lines(\.loss)),
      Chart(
        title: "\(name.prefix(1).uppercased() + name.dropFirst()) along the training", horizontal: "step",
        vertical: name
      )
      .lines(lines { $0.metrics[main] ?? nil }),
      Chart(
        title: "Against trainable parameters", horizontal: "trainable parameters, dashed: beaten by none",
        vertical: name
      ).scatter(points(\.trainableParameters)),
      Chart(title: "Against file size", horizontal: "bytes, dashed: beaten by none", vertical: name)
        .scatter(points(\.adapterBytes)),
    ].joined(separator: "\n")
  }
}
