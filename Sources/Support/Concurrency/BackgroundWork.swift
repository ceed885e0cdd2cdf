package import Foundation
import Synchronization

/// Runs blocking work for asynchronous callers, off the cooperative thread pool and with the priority of the calling task.
package enum BackgroundWork {
  /// A queue for predictions: at most one per core at a time, in order of priority.
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
  /// - Throws: The errors of `body`, or `CancellationError` if the calling task is cancelled before `body` begins, even while all
  ///   threads of the queue are busy.
  package static func run<Result: Sendable>(
    on queue: OperationQueue,
    _ body: @escaping @Sendable (_ isCancelled: @escaping @Sendable () -> Bool) throws -> Result
  ) async throws -> Result {
    let pending = PendingWork(body)
    let priority = Task.currentPriority
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        guard pending.wait(continuation) else { return continuation.resume(throwing: CancellationError()) }
        let operation = BlockOperation {
          guard let (continuation, body) = pending.take() else { return }
          continuation.resume(with: Swift.Result { try body { pending.isCancelled } })
        }
        operation.qualityOfService = qualityOfService(priority)
        operation.queuePriority = queuePriority(priority)
        queue.addOperation(operation)
      }
    } onCancel: {
      pending.cancel()?.resume(throwing: CancellationError())
    }
  }

  /// A stream of the events that `run` reports. Cancelling the reading task, or dropping the stream, cancels the task of `run`.
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

/// A task that waits for its work to begin, and whether it has been cancelled.
///
/// Its continuation and its work are taken once: by the thread that begins the work, or by the cancellation. A cancelled task
/// therefore keeps nothing alive while its operation waits in the queue.
private final class PendingWork<Result: Sendable>: Sendable {
  typealias Continuation = CheckedContinuation<Result, any Error>
  typealias Body = @Sendable (_ isCancelled: @escaping @Sendable () -> Bool) throws -> Result

  private struct State {
    var continuation: Continuation?
    var body: Body?
  }

  private let cancelled = Atomic(false)
  private let state: Mutex<State>

  init(_ body: @escaping Body) { state = Mutex(State(body: body)) }

  /// Whether the task has been cancelled.
  var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

  /// Stores the continuation until the work begins. Returns `false` if the task has already been cancelled.
  func wait(_ continuation: Continuation) -> Bool {
    state.withLock { state in
      guard !isCancelled else { return false }
      state.continuation = continuation
      return true
    }
  }

  /// Returns the continuation and the work that begins now, or `nil` if the task has been cancelled.
  func take() -> (Continuation, Body)? {
    state.withLock { state in
      guard let continuation = state.continuation.take(), let body = state.body.take() else { return nil }
      return (continuation, body)
    }
  }

  /// Notes the cancellation. Returns the continuation if the work has not begun.
  func cancel() -> Continuation? {
    state.withLock { state in
      cancelled.store(true, ordering: .relaxed)
      state.body = nil
      return state.continuation.take()
    }
  }
}
