import Foundation
import Synchronization

/// Ctrl-C: the first one asks a training to end at its next step, the second one ends the program at once.
enum Interruption {
  /// The exit code of a program that was interrupted.
  static let exitCode: Int32 = 130
  private static let notice: StaticString =
    "\ngraft: ending after this step and its evaluation; once more ends at once\n"
  private static let wasAsked = Atomic(false)

  /// Whether Ctrl-C was pressed since ``watch()``.
  static var isAsked: Bool { wasAsked.load(ordering: .relaxed) }

  /// Takes Ctrl-C over, and a polite request to end from elsewhere (SIGTERM).
  static func watch() {
    _ = isAsked  // makes the flag now, not within the handler
    let handler: @convention(c) (Int32) -> Void = { _ in
      // Only what is safe within a signal's handler.
      if Interruption.wasAsked.exchange(true, ordering: .relaxed) { _exit(Interruption.exitCode) }
      Interruption.notice.withUTF8Buffer { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
    for number in [SIGINT, SIGTERM] {
      // Whoever started the program in the background may want it not to be interrupted.
      let before = signal(number, handler)
      if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { signal(number, SIG_IGN) }
    }
    // Whoever started the program may have blocked the signal on the thread that did.
    var mask = sigset_t()
    sigemptyset(&mask)
    sigaddset(&mask, SIGINT)
    sigaddset(&mask, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &mask, nil)
  }
}
