import Foundation
package import GraftCore

/// A pool of idle workers for a base. A caller borrows a set of workers and returns it, so any number of adapters share the
/// memory that a pass needs, and concurrent callers do not interfere.
package final class IdleWorkers: @unchecked Sendable {  // the lock guards the list, and each set has one borrower
  private let lock = NSLock()
  private var idle: [Workers] = []

  /// Calls `body` with workers that no other caller uses at the same time.
  package func lend<Result>(_ body: (Workers) throws -> Result) rethrows -> Result {
    let workers = lock.withLock { idle.popLast() } ?? Workers(count: Workers.automaticCount)
    defer {
      // Idle workers must not keep removed adapters alive.
      for pass in workers.passes { pass.end() }
      lock.withLock { idle.append(workers) }
    }
    return try body(workers)
  }
}
