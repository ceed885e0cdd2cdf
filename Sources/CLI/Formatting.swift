import Foundation
import GraftHarness

/// A number with so many digits behind the point, whatever the locale.
func fixed(_ number: Double, _ digits: Int) -> String {
  String(format: abs(number) < 1e9 ? "%.*f" : "%.*e", digits, number)
}

/// A text set to the right within `width` columns.
func padded(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}

/// A text set to the left within `width` columns.
func filled(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

/// A text that may hold line ends and tabs, as one cell of a line.
func onOneLine(_ text: String, atMost limit: Int = .max) -> String {
  let cell = text.replacing("\n", with: "\\n").replacing("\t", with: "\\t")
  return cell.count > limit ? cell.prefix(limit - 1) + "…" : cell
}

/// A metric's value, or that it has none.
func metricText(_ value: Double?) -> String { value.map { fixed($0, 4) } ?? "undefined" }

/// Metrics in a row, the main one first: `F1 0.8731, accuracy 0.8137`.
func metricsText(_ metrics: [String: Double?], main: String) -> String {
  let names = [main] + metrics.keys.filter { $0 != main }.sorted()
  let text = names.map { "\(Metric.title(of: $0)) \(metricText(metrics[$0] ?? nil))" }.joined(separator: ", ")
  return text.prefix(1).uppercased() + text.dropFirst()
}
