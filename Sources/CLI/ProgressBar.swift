import Foundation
import GraftHarness
import GraftSupport

/// A bar on stderr with samples a second and the time left; silent where there is no terminal.
final class ProgressBar {
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private static let width = 24
  private var lastShown = ContinuousClock.now - .seconds(1)
  private var isShown = false

  func show(_ step: StepReport) {
    guard isTerminal, ContinuousClock.now - lastShown > .milliseconds(100) || step.step == step.totalSteps else {
      return
    }
    lastShown = .now
    let done = Self.width * step.step / step.totalSteps
    let rate = Double(step.samples) / max(step.seconds, 1e-9)
    let left = step.seconds / Double(step.step) * Double(step.totalSteps - step.step)
    let bar = String(repeating: "█", count: done) + String(repeating: "░", count: Self.width - done)
    Console.note("\r\u{1B}[K\(bar) \(step.step)/\(step.totalSteps)  \(fixed(rate, 0)) samples/s  \(clock(left)) left")
    isShown = true
  }

  /// How far a comparison has come: its trainings as equal parts of the bar.
  ///
  /// - Parameter newlyDone: Trainings that took time since `start`; others were there before.
  func show(_ step: StepReport, of number: Int, count: Int, newlyDone: Int, since start: ContinuousClock.Instant) {
    guard isTerminal, ContinuousClock.now - lastShown > .milliseconds(100) else { return }
    lastShown = .now
    let within = Double(step.step) / Double(step.totalSteps)
    let share = (Double(number - 1) + within) / Double(count)
    let elapsed = ContinuousClock.now - start
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    let left = seconds / max(Double(newlyDone) + within, 1e-3) * (Double(count - number) + 1 - within)
    let filled = Int(Double(Self.width) * share)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
    let rate = Double(step.samples) / max(step.seconds, 1e-9)
    Console.note("\r\u{1B}[K\(bar) \(number)/\(count)  \(fixed(rate, 0)) samples/s  \(clock(left)) left")
    isShown = true
  }

  /// How far a download has come.
  func show(_ file: String, done: Int, total: Int) {
    guard isTerminal, ContinuousClock.now - lastShown > .milliseconds(100) || done == total else { return }
    lastShown = .now
    let filled = total == 0 ? Self.width : Self.width * done / total
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
    Console.note("\r\u{1B}[K\(bar) \(done >> 20)/\(total >> 20) MB  \(visible(file))")
    isShown = true
  }

  func clear() {
    if isShown { Console.note("\r\u{1B}[K") }
    isShown = false
  }

  private func clock(_ seconds: Double) -> String {
    let seconds = Int(seconds.rounded(.up))
    let rest = seconds % 60
    return "\(seconds / 60):\(rest < 10 ? "0" : "")\(rest)"
  }
}
