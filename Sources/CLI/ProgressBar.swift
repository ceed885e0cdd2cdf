import Foundation

/// A progress bar on stderr, redrawn at most ten times a second. It draws nothing unless stderr is a terminal.
final class ProgressBar {
  private static let width = 24
  private static let interval = Duration.milliseconds(100)
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var lastShown = ContinuousClock.now - .seconds(1)
  private var isShown = false

  /// Draws the bar. The state at the end is always drawn.
  ///
  /// - Parameters:
  ///   - completed: The completed part of `total`, in any unit.
  ///   - total: The whole; an empty whole is complete.
  ///   - caption: The text after the bar, which must not contain control characters.
  func show(_ completed: Int, of total: Int, caption: @autoclosure () -> String) {
    guard isTerminal, completed == total || ContinuousClock.now - lastShown > Self.interval else { return }
    lastShown = .now
    isShown = true
    let filled = total == 0 ? Self.width : Self.width * completed / total
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
    Console.writeToStandardError("\r\u{1B}[K\(bar) \(caption())")
  }

  /// Removes the bar from the terminal.
  func clear() {
    if isShown { Console.writeToStandardError("\r\u{1B}[K") }
    isShown = false
  }
}
