import GraftSupport

extension Experiment {
  /// An event of a run.
  public enum Event: Sendable {
    /// The run is prepared; the first step follows.
    case started(Header)
    /// A step, a line of the log, or an evaluation.
    case training(TrainingEvent)
    /// The run has ended, and its folder is complete.
    case finished(RunSummary)
  }

  /// Trains, evaluates, and writes the run folder, off the calling thread and with the priority of the calling task.
  ///
  /// If the task is cancelled, the run stops after the current step; its folder is complete, and
  /// ``RunSummary/isInterrupted`` is `true`.
  ///
  /// - Returns: The run's summary.
  /// - Throws: The errors of the synchronous version.
  public func run() async throws -> RunSummary {
    try await BackgroundWork.run(on: BackgroundWork.runs) { isCancelled in try run(isStopped: isCancelled) }
  }

  /// Runs the experiment and reports its events; the last one is ``Event/finished(_:)``.
  ///
  /// The run starts immediately. Canceling the task that reads the events, or dropping the stream, stops the run after the
  /// current step.
  public func events() -> AsyncThrowingStream<Event, any Error> {
    AsyncThrowingStream { continuation in
      let task = Task {
        do {
          let summary = try await BackgroundWork.run(on: BackgroundWork.runs) { isCancelled in
            try run(
              isStopped: isCancelled, begin: { continuation.yield(.started($0)) },
              report: { continuation.yield(.training($0)) })
          }
          continuation.yield(.finished(summary))
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }
}
