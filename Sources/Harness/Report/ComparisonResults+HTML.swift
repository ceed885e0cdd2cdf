import Foundation
import GraftSupport

extension ComparisonResults {
  /// The report as one self-contained HTML page.
  package var html: String {
    let styles = styles
    return """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(escaped(headline))</title>
      <style>
      \(ReportStyle.css)
      </style></head><body>
      <header>
      <h1>\(escaped(headline))</h1>
      <p class="soft">\(escaped(setting))</p>
      </header>
      <main>
      \(tasks.map { ReportSection(task: $0, styles: styles).html }.joined(separator: "\n"))
      \(failed)
      <h2>Configurations</h2>
      <div class="configurations">
      \(configurations)
      </div>
      </main>
      <footer>
      <p class="soft">\(escaped(environmentLine))</p>
      </footer>
      <script>
      \(ReportScript.text)
      </script>
      </body></html>

      """
  }

  /// The look of each method, which is the same for all tasks.
  private var styles: [String: SeriesStyle] {
    var styles: [String: SeriesStyle] = [:]
    for label in tasks.flatMap({ $0.methods.map(\.label) }) where styles[label] == nil {
      styles[label] = SeriesStyle(index: styles.count)
    }
    return styles
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

  /// The configuration of each method and task with every resolved value, for the first seed.
  private var configurations: String {
    tasks.flatMap { task in
      task.methods.map { row in
        "<details><summary>\(escaped("\(row.label) on \(task.title)"))</summary>"
          + "<pre tabindex=\"0\">\(escaped(row.configuration))</pre></details>"
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
}
