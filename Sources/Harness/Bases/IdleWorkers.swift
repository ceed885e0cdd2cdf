import Foundation
import GraftCore

/// Workers that wait for work on a base: whoever asks takes a set and gives it back, so that any number of adapters share the memory
/// that a pass needs, and threads don't get in each other's way.
final class IdleWorkers: @unchecked Sendable {  // the lock guards the list, and a set belongs to one taker
  private let lock = NSLock()
  private var idle: [Workers] = []

  /// Calls `body` with workers that nobody else has meanwhile.
  func lend<Result>(_ body: (Workers) throws -> Result) rethrows -> Result {
    let workers = lock.withLock { idle.popLast() } ?? Workers(count: Workers.automaticCount)
    defer { lock.withLock { idle.append(workers) } }
    return try body(workers)
  }
}
