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
  /// - Parameter report: Called with each event, on the thread that trains; the last one is ``Event/finished(_:)``.
  /// - Returns: The run's summary.
  /// - Throws: The errors of the blocking version, or `CancellationError` if the task was cancelled before the run began.
  public func run(reporting report: @escaping @Sendable (Event) -> Void = { _ in }) async throws -> RunSummary {
    try await BackgroundWork.run(on: BackgroundWork.runs) { isCancelled in
      let summary = try run(
        isStopped: isCancelled, begin: { report(.started($0)) }, report: { report(.training($0)) })
      report(.finished(summary))
      return summary
    }
  }

  /// Runs the experiment and reports its events; the last one is ``Event/finished(_:)``.
  ///
  /// The run starts now. Cancelling the task that reads the events, or dropping the stream, ends the stream and stops the run
  /// after the current step. To receive the summary of an interrupted run, use ``run(reporting:)``.
  public func events() -> AsyncThrowingStream<Event, any Error> {
    BackgroundWork.events { _ = try await run(reporting: $0) }
  }
}
