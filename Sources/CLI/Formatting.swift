import Foundation
import GraftHarness
import GraftObjectives

/// Formats a number with this many digits after the decimal point, independent of the locale.
func fixed(_ number: Double, _ digits: Int) -> String {
  String(format: abs(number) < 1e9 ? "%.*f" : "%.*e", digits, number)
}

/// Formats a number with as many digits as necessary, such as `0.002` or `5e-05`.
func shortNumber(_ number: Double) -> String { String(format: "%g", number) }

/// Right-aligns a text within `width` columns.
func padded(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}

/// Left-aligns a text within `width` columns.
func filled(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

/// Escapes line feeds and tabs, so that a text fits in one cell of a line, and truncates it to `limit` characters.
func onOneLine(_ text: String, atMost limit: Int = .max) -> String {
  let cell = text.replacing("\n", with: "\\n").replacing("\t", with: "\\t")
  return cell.count > limit ? cell.prefix(limit - 1) + "…" : cell
}

/// A metric's value, or `undefined`.
func metricText(_ value: Double?) -> String { value.map { fixed($0, 4) } ?? "undefined" }

/// All metrics, the main one first: `F1 0.8731, accuracy 0.8137`.
func metricsText(_ metrics: [String: Double?], main: String) -> String {
  let names = [main] + metrics.keys.filter { $0 != main }.sorted()
  let text = names.map { "\(Metric.title(of: $0)) \(metricText(metrics[$0] ?? nil))" }.joined(separator: ", ")
  return text.prefix(1).uppercased() + text.dropFirst()
}

/// The caption of a training run's progress bar: `12/360  250 samples/s  1:05 left`.
///
/// - Parameters:
///   - position: The current step or training run, from 1.
///   - count: The number of steps or training runs.
///   - step: The step that the rate is taken from.
///   - secondsLeft: The estimated time to the end.
func trainingCaption(_ position: Int, of count: Int, _ step: StepReport, secondsLeft: Double) -> String {
  let rate = Double(step.samples) / max(step.seconds, 1e-9)
  return "\(position)/\(count)  \(fixed(rate, 0)) samples/s  \(minutesAndSeconds(secondsLeft)) left"
}

private func minutesAndSeconds(_ seconds: Double) -> String {
  let seconds = Int(seconds.rounded(.up))
  let rest = seconds % 60
  return "\(seconds / 60):\(rest < 10 ? "0" : "")\(rest)"
}
