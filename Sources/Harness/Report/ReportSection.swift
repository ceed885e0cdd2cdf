import GraftObjectives
import GraftSupport

/// The part of the page for one task: the table, the findings, the charts, and the details of each method.
struct ReportSection {
  let task: ComparisonResults.TaskResults
  /// The look of each method, by label.
  let styles: [String: SeriesStyle]

  /// The section.
  var html: String {
    let findings = ComparisonResults.findings(task).map { "<li>\(escaped($0))</li>" }.joined()
    let data = "\(grouped(task.data.trainExamples)) training, \(grouped(task.data.evalExamples)) evaluation examples"
    return """
      <h2>\(escaped(task.title))</h2>
      <p>\(escaped("\(data): \(task.data.source)")).</p>
      \(table.html)
      <p class="soft">\(ComparisonResults.notes(task).map(escaped).joined(separator: " "))</p>
      \(findings.isEmpty ? "" : "<ul>\(findings)</ul>")
      <h3>Charts</h3>
      \(toggles)
      <div class="charts">
      \(charts)
      </div>
      \(ReportDetails(task: task, methods: methods).html)
      """
  }

  private var methods: [(row: ComparisonResults.Row, style: SeriesStyle)] {
    task.methods.map { ($0, styles[$0.label] ?? SeriesStyle(index: 0)) }
  }

  private var table: HTMLTable {
    typealias Cell = HTMLTable.Cell
    let cells = ComparisonResults.table(task)
    let rows = zip(methods, cells.dropFirst()).map { method, texts in
      zip(texts, Self.values(method.row, task)).enumerated().map { column, cell in
        let sortKey = " data-value=\"\(escaped(cell.1))\""
        return column == 0
          ? Cell(html: method.style.key + escaped(cell.0), attributes: sortKey) : Cell(cell.0, attributes: sortKey)
      }
    }
    return HTMLTable(
      caption: "Results on \(task.title)", classes: "sortable", hidesCaption: true, head: cells[0].map { Cell($0) },
      rows: rows, foot: cells.suffix(1).map { $0.map { Cell($0) } })
  }

  /// Returns the sort keys of a row's cells.
  private static func values(_ row: ComparisonResults.Row, _ task: ComparisonResults.TaskResults) -> [String] {
    [row.label] + task.metrics.map { (row.metrics[$0] ?? nil).map { "\($0.mean)" } ?? "" } + [
      "\(row.trainableParameters)", "\(row.trainableShare)", "\(row.adapterBytes)", "\(row.bestLoss.mean)",
      "\(row.trainSeconds)", "\(row.trainSamplesPerSecond)", "\(row.evalSeconds)", "\(row.peakMemoryBytes)",
    ]
  }

  /// The buttons that show and hide a method, which only the script can make work.
  private var toggles: String {
    guard methods.count > 1 else { return "" }
    let buttons = methods.map { row, style in
      "<button type=\"button\" aria-pressed=\"true\" data-method=\"\(style.index)\">\(style.key)\(escaped(row.label))</button>"
    }
    return
      "<div class=\"toggles\" role=\"group\" aria-label=\"Methods shown\" hidden>\(buttons.joined(separator: "\n"))</div>"
  }

  private var charts: String {
    let main = task.metrics[0]
    let name = Metric.title(of: main)
    let title = name.prefix(1).uppercased() + name.dropFirst()
    func lines(_ points: (ComparisonResults.Row) -> [[(x: Double, y: Double)]]) -> [Chart.Line] {
      methods.map { Chart.Line(label: $0.row.label, style: $0.style, seeds: points($0.row)) }
    }
    func evaluations(_ value: (FinishedRun.CurvePoint) -> Double?) -> [Chart.Line] {
      lines { $0.curves.map { $0.compactMap { point in value(point).map { (Double(point.step), $0) } } } }
    }
    func points(_ x: (ComparisonResults.Row) -> Double, _ text: (ComparisonResults.Row) -> String) -> [Chart.Point] {
      methods.compactMap { row, style in
        (row.metrics[main] ?? nil).map {
          Chart.Point(
            label: row.label, style: style, x: x(row), y: $0.mean, deviation: $0.deviation,
            texts: (text(row), ComparisonResults.text($0)))
        }
      }
    }
    let curves = [
      Chart(title: "\(title) during training", horizontal: "step", vertical: name)
        .lines(evaluations { $0.metrics[main] ?? nil }),
      Chart(title: "Training loss", horizontal: "step", vertical: "loss")
        .lines(lines { $0.losses.map { $0.map { (Double($0.step), $0.loss) } } }),
      Chart(title: "Validation loss", horizontal: "step", vertical: "loss").lines(evaluations(\.loss)),
    ]
    guard methods.count > 1 else { return curves.joined(separator: "\n") }
    let costs = [
      Chart(title: "\(title) by trainable parameters", horizontal: "trainable parameters", vertical: name)
        .scatter(points({ Double($0.trainableParameters) }, { grouped($0.trainableParameters) })),
      Chart(title: "\(title) by file size", horizontal: "bytes", vertical: name)
        .scatter(points({ Double($0.adapterBytes) }, { grouped($0.adapterBytes) })),
      Chart(title: "\(title) by training time", horizontal: "seconds", vertical: name)
        .scatter(points({ $0.trainSeconds }, { Chart.text($0.trainSeconds) })),
    ]
    return (curves + costs).joined(separator: "\n")
  }
}
