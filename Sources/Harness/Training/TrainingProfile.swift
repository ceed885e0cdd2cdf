import Dispatch
import Foundation
import GraftCore
import GraftSupport

/// A profile of some training steps: the time of each op on each worker, and the workers' waiting time.
public final class TrainingProfile {
  /// The steps that are measured; before the first of them, memory is allocated and caches are warmed up.
  public static let steps = 4...23

  /// The ops that are matrix products, except the small ones in attention.
  private static let products = ["linear", "frozen linear"]

  private struct Span {
    let name: String
    let worker: Int?
    /// The start and the end, in nanoseconds.
    let start: UInt64, end: UInt64
    let isBackward: Bool
  }

  private var spans: [Span] = []
  private var start: UInt64 = 0
  /// The number of workers that had a part of the batch; other workers may have helped them.
  private var workers = 0
  private var operations = 0
  private var peak = 0.0

  /// Creates an empty profile.
  public init() {}

  /// Calls `body`, which runs a step on `workers`, and measures it if the step is one of ``steps``.
  func measure<Result>(_ step: Int, on workers: Workers, _ body: () throws -> Result) rethrows -> Result {
    guard Self.steps.contains(step) else { return try body() }
    if peak == 0 { peak = workers.measurePeak() }
    let profiles = workers.passes.map { pass in
      let profile = PassProfile()
      pass.profile = profile
      return profile
    }
    defer { for pass in workers.passes { pass.profile = nil } }
    let start = DispatchTime.now().uptimeNanoseconds
    let result = try body()
    let end = DispatchTime.now().uptimeNanoseconds
    self.workers = profiles.count { !$0.events.isEmpty }
    for (worker, profile) in profiles.enumerated() {
      operations += profile.productOperations
      spans += profile.events.map {
        Span(name: $0.name, worker: worker, start: $0.start, end: $0.end, isBackward: $0.isBackward)
      }
    }
    let finished = profiles.compactMap(\.events.last?.end).max() ?? start
    spans.append(Span(name: "update", worker: nil, start: finished, end: end, isBackward: false))
    spans.append(Span(name: "step", worker: nil, start: start, end: end, isBackward: false))
    return result
  }

  /// A table of the ops, the slowest first; empty if no step was measured.
  public var table: String {
    let measuredSteps = spans.filter { $0.name == "step" }
    guard !measuredSteps.isEmpty else { return "" }
    let count = Double(measuredSteps.count)
    func milliseconds(_ spans: [Span]) -> Double { spans.reduce(0) { $0 + Double($1.end - $1.start) } / 1e6 / count }
    let duration = milliseconds(measuredSteps)
    let available = duration * Double(workers)
    var lines = [
      String(
        format: "Time per step: %.2f ms (steps %d to %d, %d workers; times below are in ms, summed over workers):",
        duration, Self.steps.lowerBound, Self.steps.lowerBound + measuredSteps.count - 1, workers),
      "  op               forward  backward   share",
    ]
    var rest = available
    let ops = Dictionary(grouping: spans.filter { $0.worker != nil }, by: \.name)
    for (name, spans) in ops.sorted(by: { (milliseconds($0.value), $1.key) > (milliseconds($1.value), $0.key) }) {
      let forward = milliseconds(spans.filter { !$0.isBackward })
      let backward = milliseconds(spans.filter(\.isBackward))
      rest -= forward + backward
      lines.append(row(name, forward, backward, share: (forward + backward) / available))
    }
    // All workers take part in summing, clipping, and the update.
    let update = milliseconds(spans.filter { $0.name == "update" })
    rest -= update * Double(workers)
    lines.append(row("update", update * Double(workers), 0, share: update / duration))
    lines.append(row("waiting", rest, 0, share: rest / available))
    let products = spans.filter { $0.worker != nil && Self.products.contains($0.name) }
    let seconds = milliseconds(products) / 1000
    let rate = Double(operations) / count / seconds * Double(workers)
    lines.append(
      String(
        format:
          "Products: %.1f %% of the step, at %.0f GFLOP/s, which is %.1f %% of the workers' register-only peak of %.0f.",
        100 * seconds * 1000 / available, rate / 1e9, 100 * rate / peak, peak / 1e9))
    return lines.joined(separator: "\n")
  }

  private func row(_ name: String, _ forward: Double, _ backward: Double, share: Double) -> String {
    "  " + name.padding(toLength: 16, withPad: " ", startingAt: 0)
      + String(format: "%8.2f  %8.2f  %5.1f %%", forward, backward, 100 * share)
  }

  /// Writes a trace for Chrome's `about:tracing` and Perfetto, with one row per worker.
  func write(to path: String) throws {
    let first = spans.map(\.start).min() ?? 0
    let events = spans.map { span in
      TraceEvent(
        name: span.isBackward ? "\(span.name) backward" : span.name, ph: "X", ts: Double(span.start - first) / 1000,
        dur: Double(span.end - span.start) / 1000, pid: 1, tid: span.worker.map { $0 + 1 } ?? 0)
    }
    try writeAtomically(try JSONEncoder().encode(["traceEvents": events]), to: path)
  }

  /// An event of the Trace Event Format. Times are in microseconds.
  private struct TraceEvent: Encodable {
    let name: String, ph: String, ts: Double, dur: Double, pid: Int, tid: Int
  }
}
