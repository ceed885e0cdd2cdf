package import Foundation
import Synchronization

/// Runs blocking work for asynchronous callers, off the cooperative thread pool and with the priority of the calling task.
package enum BackgroundWork {
  /// A queue for predictions: one per core at a time, those of a higher priority first.
  package static let predictions: OperationQueue = {
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = ProcessInfo.processInfo.activeProcessorCount
    return queue
  }()

  /// A queue for runs, which take minutes: any number at a time.
  package static let runs = OperationQueue()

  /// Runs `body` on a queue.
  ///
  /// - Parameters:
  ///   - queue: The queue.
  ///   - body: The work. Its argument returns whether the calling task has been cancelled.
  /// - Returns: The result of `body`.
  /// - Throws: The errors of `body`.
  package static func run<Result: Sendable>(
    on queue: OperationQueue,
    _ body: @escaping @Sendable (_ isCancelled: @escaping @Sendable () -> Bool) throws -> Result
  ) async throws -> Result {
    let flag = CancellationFlag()
    let priority = Task.currentPriority
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let operation = BlockOperation {
          continuation.resume(with: Swift.Result { try body { flag.isSet } })
        }
        operation.qualityOfService = qualityOfService(priority)
        operation.queuePriority = queuePriority(priority)
        queue.addOperation(operation)
      }
    } onCancel: {
      flag.set()
    }
  }

  /// A stream of the events that `run` reports. Cancelling its reader, or dropping it, cancels the task of `run`.
  package static func events<Event: Sendable>(
    of run: @escaping @Sendable (_ report: @escaping @Sendable (Event) -> Void) async throws -> Void
  ) -> AsyncThrowingStream<Event, any Error> {
    AsyncThrowingStream { continuation in
      let task = Task {
        do {
          try await run { continuation.yield($0) }
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  private static func qualityOfService(_ priority: TaskPriority) -> QualityOfService {
    switch priority {
    case .high...: .userInitiated
    case .medium...: .default
    case .low...: .utility
    default: .background
    }
  }

  private static func queuePriority(_ priority: TaskPriority) -> Operation.QueuePriority {
    switch priority {
    case .high...: .high
    case .medium...: .normal
    case .low...: .low
    default: .veryLow
    }
  }
}

/// Whether a task has been cancelled.
private final class CancellationFlag: Sendable {
  private let value = Atomic(false)

  var isSet: Bool { value.load(ordering: .relaxed) }
  func set() { value.store(true, ordering: .relaxed) }
}
