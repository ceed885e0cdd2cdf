import Foundation
import GraftSupport

/// Whether a reader did what it may do: give a value or throw an error for people, within time and memory.
struct Judge {
  /// Seconds that a reader may take; sanitizers make it slower by some factor.
  static let patience = 1.0
  /// Bytes that it may take beyond a multiple of the input.
  static let memory = 256 << 20
  /// A message that is longer is cut by the program.
  static let longestMessage = 2000

  /// What became of an input.
  enum Verdict {
    case accepted
    /// With a message; `problem` says what the program must do to it before it is printed.
    case refused(problem: String?)
    case failed(reason: String)
  }

  /// Calls a reader.
  static func judge(_ input: [UInt8], _ read: () throws -> Void) -> Verdict {
    forgetPeak()
    let before = peak()
    let start = ContinuousClock.now
    var verdict = Verdict.accepted
    do { try read() } catch let error as any UserError {
      let message = error.description
      verdict = message.isEmpty ? .failed(reason: "an empty message") : .refused(problem: problem(in: message))
    } catch {
      verdict = .failed(reason: "no error for people: \(type(of: error)) \(shown("\(error)"))")
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

  /// What keeps a message from being printed as it is, or `nil`.
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

  /// Some characters of a text, on one line.
  private static func shown(_ text: String) -> String {
    var line = ""
    for scalar in text.unicodeScalars.prefix(200) {
      line += (0x20..<0x7F).contains(scalar.value) ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
    }
    return line
  }

  /// The most memory that was in use since ``forgetPeak()``.
  private static func peak() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss << 10
  }

  /// The system can be asked to forget the peak, which takes a while: only when it has grown.
  nonisolated(unsafe) private static var known = 0

  private static func forgetPeak() {
    let now = peak()
    guard now > known + (32 << 20) else { return }
    let descriptor = open("/proc/self/clear_refs", O_WRONLY)
    if descriptor >= 0 {
      _ = write(descriptor, "5", 1)
      close(descriptor)
    }
    known = peak()
  }
}
