import Foundation
import GraftSupport

/// Decides whether a reader behaved correctly: it must return a value or throw a `UserError`, within time and memory limits.
struct Judge {
  /// The time limit in seconds; sanitizers slow readers down.
  static let patience = 1.0
  /// The memory limit in bytes, beyond a multiple of the input.
  static let memory = 256 << 20
  /// The maximum length of a message; the program truncates longer ones.
  static let longestMessage = 2000

  /// The result for one input.
  enum Verdict {
    case accepted
    /// The input was refused with a message; `problem` describes why the message cannot be printed unchanged.
    case refused(problem: String?)
    case failed(reason: String)
  }

  /// Calls a reader and judges the result.
  static func judge(_ input: [UInt8], _ read: () throws -> Void) -> Verdict {
    resetPeak()
    let before = peak()
    let start = ContinuousClock.now
    var verdict = Verdict.accepted
    do { try read() } catch let error as any UserError {
      let message = error.description
      verdict = message.isEmpty ? .failed(reason: "an empty message") : .refused(problem: problem(in: message))
    } catch {
      verdict = .failed(reason: "not a UserError: \(type(of: error)) \(shown("\(error)"))")
    }
    let elapsed = ContinuousClock.now - start
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    if seconds > patience { return .failed(reason: "slow: took \((seconds * 10).rounded() / 10) s") }
    let taken = peak() - before
    if taken > memory + 16 * input.count {
      return .failed(reason: "large: took \(taken >> 20) MB for \(input.count) bytes")
    }
    return verdict
  }

  /// Returns why a message cannot be printed unchanged, or `nil`.
  private static func problem(in message: String) -> String? {
    for scalar in message.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: return "a control character: \(shown(message))"
      case .format: return "a format character: \(shown(message))"
      default: continue
      }
    }
    return message.unicodeScalars.count > longestMessage
      ? "\(message.unicodeScalars.count) characters: \(shown(message))" : nil
  }

  /// Returns the first characters of a text, on one line.
  private static func shown(_ text: String) -> String {
    var line = ""
    for scalar in text.unicodeScalars.prefix(200) {
      line += (0x20..<0x7F).contains(scalar.value) ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
    }
    return line
  }

  /// The peak memory use since ``resetPeak()``.
  private static func peak() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss << 10
  }

  /// The peak at the last reset. Resetting takes time, so it is done only when the peak has grown.
  nonisolated(unsafe) private static var lastPeak = 0

  private static func resetPeak() {
    let now = peak()
    guard now > lastPeak + (32 << 20) else { return }
    let descriptor = open("/proc/self/clear_refs", O_WRONLY)
    if descriptor >= 0 {
      _ = write(descriptor, "5", 1)
      close(descriptor)
    }
    lastPeak = peak()
  }
}
