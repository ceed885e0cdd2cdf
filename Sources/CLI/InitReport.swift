import GraftHarness
import GraftSupport

/// What `graft init` found and wrote.
struct InitReport {
  private let inspection: DataInspection
  private let report: DataReport
  private let roles: DataRoles
  private let starter: StarterConfiguration
  private let file: String
  private let isBaseCached: Bool

  init(_ starter: Starter, file: String) {
    inspection = starter.inspection
    report = starter.report
    roles = starter.roles
    self.starter = starter.configuration
    self.file = file
    isBaseCached = starter.isBaseCached
  }

  /// The commands to continue with.
  private var next: [String] {
    (isBaseCached ? [] : ["graft get base \(shellWord(starter.base))"]) + ["graft train \(shellWord(file))"]
  }

  /// Prints what the data contains.
  func showData() {
    Console.print(
      "\(visible(inspection.file)): \(grouped(report.rows)) row\(report.rows == 1 ? "" : "s")"
        + (report.evaluationRows.map { ", and \(grouped($0)) in the evaluation file" } ?? ""))
    Console.print("")
    table()
    Console.print("")
    Console.print(
      "Text:   \(visible(roles.text))\(roles.textPair.map { " and \(visible($0))" } ?? ""), "
        + "\(fixed(report.meanWords, 1)) words on average, \(grouped(report.mostWords)) at most")
    Console.print("Label:  \(visible(roles.label)), \(roles.objective): \(labels)")
    if report.notes.isEmpty { Console.print("Checks: no empty values in these columns, no repeated texts") }
    for note in report.notes { Console.print("Note:   \(note)") }
  }

  /// Prints what was written, and how to continue.
  func showNext() {
    Console.print("")
    Console.print(
      "Wrote \(visible(file)): \(starter.method), learning rate \(shortNumber(starter.learningRate)), \(starter.epochs) epochs "
        + "(about \(grouped(starter.steps)) steps).")
    Console.print("Next:   \(next.joined(separator: " && "))")
  }

  private func table() {
    let shown = report.columns.prefix(20)
    let cells =
      [["column", "filled", "distinct", "words", "contains"]]
      + shown.map { column in
        [
          onOneLine(visible(column.name), atMost: 30), grouped(column.filled),
          grouped(column.distinct) + (column.distinct == ColumnProfile.maximumDistinct ? "+" : ""),
          fixed(column.meanWords, 1), column.kind,
        ]
      }
    let widths = cells[0].indices.map { index in cells.map { $0[index].count }.max() ?? 0 }
    for row in cells {
      let texts = row.indices.map { index in
        [0, 4].contains(index) ? filled(row[index], widths[index]) : padded(row[index], widths[index])
      }
      Console.print(("  " + texts.joined(separator: "  ")).trimmingTrailingSpaces)
    }
    let rest = report.columns.count - shown.count
    if rest > 0 { Console.print("  and \(rest) more") }
  }

  private var labels: String {
    guard !report.labels.isEmpty else {
      return report.hasLabels ? "more than 1,000 labels, or long ones" : "numbers"
    }
    let total = max(report.labeledRows, 1)
    let texts = report.labels.prefix(6).map { label in
      "\(onOneLine(visible(label.name), atMost: 40)) \(grouped(label.count)) (\(fixed(100 * Double(label.count) / Double(total), 0)) %)"
    }
    return texts.joined(separator: ", ") + (report.labels.count > 6 ? ", and \(report.labels.count - 6) more" : "")
  }

  /// Returns the report as one JSON object.
  func json() throws -> String {
    try snakeCaseJSON(
      Result(
        path: inspection.path, file: inspection.file, format: inspection.format.rawValue, report: report,
        text: roles.text, textPair: roles.textPair, label: roles.label, objective: roles.objective,
        configuration: file, next: next))
  }

  private struct Result: Encodable {
    let path: String
    let file: String
    let format: String
    let report: DataReport
    let text: String
    let textPair: String?
    let label: String
    let objective: String
    let configuration: String
    let next: [String]
  }
}

/// Returns a text as one word of a shell command.
private func shellWord(_ text: String) -> String {
  let word = text.hasPrefix("-") ? "./\(text)" : text  // not an option
  return word.wholeMatch(of: /[A-Za-z0-9_.,:=@%+\/-]+/) != nil ? word : "'\(word.replacing("'", with: "'\\''"))'"
}

extension String {
  fileprivate var trimmingTrailingSpaces: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
