import GraftSupport

extension Comparison {
  /// Runs the comparison off the calling thread and with the priority of the calling task.
  ///
  /// If the task is cancelled, the current run is abandoned, and the results are those of the finished runs.
  ///
  /// - Parameter report: Called with each event, on the thread that trains; the last one is ``Event/finished(_:)``.
  /// - Returns: The results, which are also written to the comparison's folder together with the reports.
  /// - Throws: The errors of the blocking version, or `CancellationError` if the task was cancelled before the comparison began.
  public func run(reporting report: @escaping @Sendable (Event) -> Void = { _ in }) async throws -> ComparisonResults {
    try await BackgroundWork.run(on: BackgroundWork.runs) { isCancelled in
      let results = try run(isStopped: isCancelled, report: report)
      report(.finished(results))
      return results
    }
  }

  /// Runs the comparison and reports its events; the last one is ``Event/finished(_:)``.
  ///
  /// The comparison starts now. Cancelling the task that reads the events, or dropping the stream, ends the stream and abandons
  /// the current run.
  public func events() -> AsyncThrowingStream<Event, any Error> {
    BackgroundWork.events { _ = try await run(reporting: $0) }
  }
}
