import Foundation
import GraftSupport
import Testing

struct BackgroundWorkTests {
  @Test(.timeLimit(.minutes(1)))
  func `cancelled work throws immediately, even while the queue is busy`() async throws {
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = 1
    let release = DispatchSemaphore(value: 0)
    queue.addOperation { release.wait() }
    let task = Task {
      try await BackgroundWork.run(on: queue) { _ in Issue.record("cancelled work ran") }
    }
    while queue.operationCount < 2 { try await Task.sleep(for: .milliseconds(1)) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    release.signal()
    await withCheckedContinuation { finished in queue.addBarrierBlock { finished.resume() } }
  }

  @Test func `a task that is cancelled before it asks for work gets none`() async throws {
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await BackgroundWork.run(on: OperationQueue()) { _ in _ = Issue.record("cancelled work ran") }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test(.timeLimit(.minutes(1)))
  func `work that has begun learns of the cancellation and decides what to return`() async throws {
    let begun = DispatchSemaphore(value: 0)
    let task = Task {
      try await BackgroundWork.run(on: OperationQueue()) { isCancelled in
        begun.signal()
        while !isCancelled() { Thread.sleep(forTimeInterval: 0.001) }
        return 42
      }
    }
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        begun.wait()
        continuation.resume()
      }
    }
    task.cancel()
    #expect(try await task.value == 42)
  }
}
