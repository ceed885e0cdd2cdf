import Foundation

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

  /// Writes a line to stdout. A reader who left, as `head` does, gets no more; any other failure ends the program.
  static func print(_ line: String) {
    guard let failure = write(visible(line) + "\n", to: STDOUT_FILENO), failure != EPIPE else { return }
    fail("cannot write to standard output: \(String(cString: strerror(failure)))", code: 1)
  }

  /// Writes a line to stdout that the work does not depend on: when it can't be written, the work goes on.
  static func show(_ line: String) { _ = write(visible(line) + "\n", to: STDOUT_FILENO) }

  /// Writes to stderr; what can't be shown there can't be shown at all.
  static func note(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  /// Ends the program with one line on stderr.
  static func fail(_ message: String, code: Int32) -> Never {
    note("graft: \(oneLine(message))\n")
    exit(code)
  }

  /// A message fit for one line of a terminal.
  private static func oneLine(_ message: String) -> String {
    let cut = String(String.UnicodeScalarView(message.unicodeScalars.prefix(2000)))
    let line = visible(cut).replacing("\n", with: "\\u{a}")
    return cut.unicodeScalars.count < message.unicodeScalars.count ? line + "…" : line
  }

  /// Names out of files may hold anything: what would steer the terminal is spelt out.
  private static func visible(_ text: String) -> String {
    var shown = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control where scalar != "\n" && scalar != "\t", .lineSeparator, .paragraphSeparator:
        shown += "\\u{\(String(scalar.value, radix: 16))}"
      default: shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

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
