import Foundation
import GraftSupport

/// The program's output: results on stdout, progress and errors on stderr, each line written immediately.
enum Console {
  /// Opens missing standard descriptors, so that no file opened later gets one of their numbers. Ignores the signals for
  /// closed pipes and files at their size limit.
  static func prepare() {
    while true {
      let descriptor = open("/dev/null", O_RDWR)
      if descriptor < 0 || descriptor > STDERR_FILENO {
        if descriptor >= 0 { close(descriptor) }
        break
      }
    }
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)  // writing beyond the size limit then fails with an error instead of ending the program
  }

  /// Writes one line to stdout. Escapes characters that would control the terminal or start another line, except tabs, so that
  /// names from files are harmless.
  ///
  /// A closed pipe, such as `head` leaves, is ignored; any other error ends the program.
  static func print(_ line: String) { printUnescaped(escaped(line)) }

  /// Writes text of several lines to stdout. The caller escapes names from files with `visible`.
  static func printLines(_ text: String) { printUnescaped(visible(text, keeping: ["\n", "\t"])) }

  /// Writes JSON to stdout. Replaces characters that would control the terminal with JSON escapes, so that it stays valid.
  static func printJSON(_ json: String) { printUnescaped(visibleJSON(json)) }

  private static func printUnescaped(_ text: String) {
    do {
      try write(text + "\n", to: STDOUT_FILENO, named: "standard output")
    } catch let error as FileError where error.errorNumber == EPIPE {
      return
    } catch {
      fail("\(error)", code: 1)
    }
  }

  /// Writes a line about progress to stdout, escaped as by ``print(_:)``. Errors are ignored, because no result is lost.
  static func printStatus(_ line: String) {
    try? write(escaped(line) + "\n", to: STDOUT_FILENO, named: "standard output")
  }

  /// Writes a line to stderr, escaped as by ``print(_:)``.
  static func printToStandardError(_ line: String) { writeToStandardError(escaped(line) + "\n") }

  /// Writes text to stderr without escaping, for progress bars that control the terminal. Errors are ignored, because there
  /// is no other place to report them.
  static func writeToStandardError(_ text: String) { try? write(text, to: STDERR_FILENO, named: "standard error") }

  /// Ends the program with one line on stderr.
  static func fail(_ message: String, code: Int32) -> Never {
    writeToStandardError("graft: \(oneLine(message))\n")
    exit(code)
  }

  /// Truncates a message to 2,000 characters, and escapes it to fit in one line of a terminal.
  private static func oneLine(_ message: String) -> String {
    let cut = String(String.UnicodeScalarView(message.unicodeScalars.prefix(2000)))
    return cut.unicodeScalars.count < message.unicodeScalars.count ? escaped(cut) + "…" : escaped(cut)
  }

  /// Escapes everything in a line that would control the terminal, except tabs.
  private static func escaped(_ line: String) -> String { visible(line, keeping: ["\t"]) }

  private static func write(_ text: String, to descriptor: Int32, named name: String) throws {
    try writeAll(Array(text.utf8), to: descriptor, path: name)
  }
}
