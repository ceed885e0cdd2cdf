import Foundation
import Synchronization

/// Handles Ctrl-C: the first one stops a training run after its current step, the second one ends the program immediately.
enum Interruption {
  /// The exit code of an interrupted program.
  static let exitCode: Int32 = 130
  private static let notice: StaticString =
    "\ngraft: stopping after this step and its evaluation; press Ctrl-C again to stop immediately\n"
  private static let flag = Atomic(false)

  /// Whether an interruption was requested since ``watch()``.
  static var isRequested: Bool { flag.load(ordering: .relaxed) }

  /// Installs the handler for Ctrl-C (SIGINT) and for termination requests from other programs (SIGTERM).
  static func watch() {
    _ = isRequested  // initializes the flag here and not within the signal handler
    let handler: @convention(c) (Int32) -> Void = { _ in
      // Only async-signal-safe calls are allowed here, so this write is not `writeAll`.
      if Interruption.flag.exchange(true, ordering: .relaxed) { _exit(Interruption.exitCode) }
      Interruption.notice.withUTF8Buffer { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
    for number in [SIGINT, SIGTERM] {
      // A signal that the parent process ignores stays ignored, as for programs started in the background.
      let previous = signal(number, handler)
      if unsafeBitCast(previous, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { signal(number, SIG_IGN) }
    }
    // The parent process may have started this one with the signals blocked.
    var mask = sigset_t()
    sigemptyset(&mask)
    sigaddset(&mask, SIGINT)
    sigaddset(&mask, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &mask, nil)
  }
}
