import GraftSupport

extension Comparison {
  /// Runs the comparison off the calling thread and with the priority of the calling task.
  ///
  /// If the task is cancelled, the current run is abandoned, and the results are those of the finished runs.
  ///
  /// - Returns: The results, which are also written to the comparison's folder together with the reports.
  /// - Throws: The errors of the synchronous version.
  public func run() async throws -> ComparisonResults {
    try await BackgroundWork.run(on: BackgroundWork.runs) { isCancelled in try run(isStopped: isCancelled) }
  }

  /// Runs the comparison and reports its events. Its results are in the comparison's folder when the stream ends.
  ///
  /// The comparison starts immediately. Canceling the task that reads the events, or dropping the stream, abandons the current
  /// run.
  public func events() -> AsyncThrowingStream<Event, any Error> {
    AsyncThrowingStream { continuation in
      let task = Task {
        do {
          _ = try await BackgroundWork.run(on: BackgroundWork.runs) { isCancelled in
            try run(isStopped: isCancelled, report: { continuation.yield($0) })
          }
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }
}
