import Foundation
import GraftSupport

/// What people and scripts see: results on stdout, progress and errors on stderr, each line at once.
enum Console {
  /// Makes sure that the three standard descriptors are there, so that no file of ours is taken for one of them, and that
  /// a reader who left ends nothing.
  static func prepare() {
    while true {
      let descriptor = open("/dev/null", O_RDWR)
      if descriptor < 0 || descriptor > STDERR_FILENO {
        if descriptor >= 0 { close(descriptor) }
        break
      }
    }
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)  // a file that may not grow is an error to be read, not an end
  }

  /// Writes one line to stdout, in which names from files can do no harm: whatever would steer the terminal or begin another
  /// line is spelled out, tabs aside. A reader who left, as `head` does, gets no more; any other failure ends the program.
  static func print(_ line: String) { printAsIs(shown(line)) }

  /// Writes text of several lines to stdout. Whoever puts the lines together makes names from files ``visible``.
  static func printLines(_ text: String) { printAsIs(visible(text, keeping: ["\n", "\t"])) }

  /// Writes JSON to stdout. What would steer the terminal is escaped as JSON has it, so that every text stays valid.
  static func printJSON(_ json: String) { printAsIs(visibleJSON(json)) }

  private static func printAsIs(_ text: String) {
    guard let failure = write(text + "\n", to: STDOUT_FILENO), failure != EPIPE else { return }
    fail("cannot write to standard output: \(String(cString: strerror(failure)))", code: 1)
  }

  /// Writes a line to stdout that the work does not depend on: when it can't be written, the work goes on.
  static func show(_ line: String) { _ = write(shown(line) + "\n", to: STDOUT_FILENO) }

  /// Writes a line to stderr, made harmless like those on stdout.
  static func tell(_ line: String) { note(shown(line) + "\n") }

  /// Writes to stderr as it is, for bars that steer the terminal themselves; what can't be shown there can't be shown at all.
  static func note(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  /// Ends the program with one line on stderr.
  static func fail(_ message: String, code: Int32) -> Never {
    note("graft: \(oneLine(message))\n")
    exit(code)
  }

  /// A message fit for one line of a terminal.
  private static func oneLine(_ message: String) -> String {
    let cut = String(String.UnicodeScalarView(message.unicodeScalars.prefix(2000)))
    return cut.unicodeScalars.count < message.unicodeScalars.count ? shown(cut) + "…" : shown(cut)
  }

  /// A line with tabs between its columns.
  private static func shown(_ line: String) -> String { visible(line, keeping: ["\t"]) }

  /// - Returns: The error's number, or `nil` when all was written.
  private static func write(_ text: String, to descriptor: Int32) -> Int32? {
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return errno }
      done += count
    }
    return nil
  }
}
