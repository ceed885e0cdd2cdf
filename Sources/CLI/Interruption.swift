import Foundation
import Synchronization

/// Ctrl-C: the first one asks a training to end at its next step, the second one ends the program at once.
enum Interruption {
  /// The exit code of a program that was interrupted.
  static let exitCode: Int32 = 130
  private static let wasAsked = Atomic(false)

  /// Whether Ctrl-C was pressed since ``watch()``.
  static var isAsked: Bool { wasAsked.load(ordering: .relaxed) }

  /// Takes Ctrl-C over.
  static func watch() {
    signal(SIGINT) { _ in
      // Only what is safe within a signal's handler.
      if Interruption.wasAsked.exchange(true, ordering: .relaxed) { _exit(Interruption.exitCode) }
    }
    // Whoever started the program may have blocked the signal on the thread that did.
    var mask = sigset_t()
    sigemptyset(&mask)
    sigaddset(&mask, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &mask, nil)
  }
}
