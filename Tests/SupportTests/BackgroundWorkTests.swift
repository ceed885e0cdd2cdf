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
    // Cancelled while it waits in the queue, or before it is added to it.
    while queue.operationCount < 2 { try await Task.sleep(for: .milliseconds(1)) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    release.signal()
    await withCheckedContinuation { finished in queue.addBarrierBlock { finished.resume() } }
  }

  @Test func `work that has begun learns of the cancellation and decides what to return`() async throws {
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
