import CKernels
import Dispatch
import Foundation
import Synchronization

/// Passes that run in parallel, one per core, over parts of one batch.
///
/// They share nothing but the frozen weights. At the sizes of an encoder, two single-threaded workers are faster than products
/// with two threads. If there are fewer sequences or batches than workers, idle workers help the others with their products.
public final class Workers {
  /// Each worker's pass.
  public let passes: [Pass]
  /// The number of parts of the last batch, which were processed by the first passes.
  private(set) var parts = 0

  /// Creates `count` workers with empty arenas.
  public init(count: Int) { passes = (0..<max(1, count)).map { _ in Pass() } }

  /// The number of cores of this machine. It depends on the machine only, so that a run can be repeated.
  public static var automaticCount: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// The number of workers.
  public var count: Int { passes.count }

  /// Splits the batch by tokens, runs `body` on all parts in parallel, and returns the results in the order of the parts.
  public func run<Result>(
    _ batch: PackedBatch, mode: Pass.Mode, bindings: ParameterBindings,
    _ body: @Sendable (_ pass: Pass, _ part: PackedBatch) -> Result
  ) -> [Result] {
    run(batch, mode: mode, groups: [bindings], body)
  }

  /// Splits the batch by tokens and runs `body` on all parts in parallel, with bindings for each group of sequences.
  public func run<Result>(
    _ batch: PackedBatch, mode: Pass.Mode, groups: [ParameterBindings],
    _ body: @Sendable (_ pass: Pass, _ part: PackedBatch) -> Result
  ) -> [Result] {
    let parts = batch.split(into: count)
    nonisolated(unsafe) let passes = self.passes  // each pass is used by one iteration only
    let results = ResultSlots<Result>(count: parts.count)
    runHelped(parts.count) { worker in
      passes[worker].begin(parts[worker], mode: mode, groups: groups)
      results.values[worker] = body(passes[worker], parts[worker])
    }
    self.parts = parts.count
    // A process without a sequence has gradients of zero.
    if parts.isEmpty {
      passes[0].begin(batch, mode: mode, groups: groups)
      passes[0].runBackwardPass()
    }
    return results.values.compactMap { $0 }
  }

  /// The maximum number of threads for one worker's products, including its own: with more, the shares are too small.
  private static let maximumThreadsPerProduct = 8

  /// Calls `body` on the first `working` workers in parallel; the others help them with their products.
  private func runHelped(_ working: Int, _ body: @Sendable (_ worker: Int) -> Void) {
    guard working > 0 else { return }
    nonisolated(unsafe) let passes = self.passes  // each pass is used by one iteration only
    let threads = min(count / working, Self.maximumThreadsPerProduct)
    let helpers = (0..<working).map { _ in threads > 1 ? ProductHelpers(threads: threads) : nil }
    // Iterations start in order, so workers start before their helpers. Otherwise helpers would find no work and return.
    DispatchQueue.concurrentPerform(iterations: working * threads) { iteration in
      let (helper, worker) = iteration.quotientAndRemainder(dividingBy: working)
      guard helper == 0 else { helpers[worker]?.help(); return }
      passes[worker].kernels.helpers = helpers[worker]
      body(worker)
      passes[worker].kernels.helpers = nil
      helpers[worker]?.close()
    }
  }

  /// Measures the peak rate of all workers together, in floating-point operations per second: float32, in registers only.
  public func measurePeak() -> Double {
    let rates = ResultSlots<Double>(count: count)
    DispatchQueue.concurrentPerform(iterations: count) { worker in
      var sink = [Float](repeating: 0.5, count: 16)
      // The median of several measurements: a processor that was idle is faster at first.
      rates.values[worker] =
        (0..<15).map { _ in
          let start = ContinuousClock.now
          let operations = graft_multiply_at_peak(2_000_000, &sink)
          let duration = (ContinuousClock.now - start).components
          return operations / (Double(duration.seconds) + Double(duration.attoseconds) * 1e-18)
        }.sorted()[7]
    }
    return rates.values.compactMap { $0 }.reduce(0, +)
  }

  /// Runs many batches, each as a whole on the next free worker, and returns the results in the order of the batches.
  ///
  /// - Parameters:
  ///   - count: The number of batches.
  ///   - mode: The purpose of the passes; gradients of earlier batches are lost.
  ///   - bindings: The parameters for the passes.
  ///   - batch: Returns the batch with an index; called on the worker that runs it.
  ///   - body: Processes the batch.
  public func runEach<Result>(
    _ count: Int, mode: Pass.Mode, bindings: ParameterBindings, batch: @Sendable (Int) -> PackedBatch,
    _ body: @Sendable (_ pass: Pass) -> Result
  ) -> [Result] {
    nonisolated(unsafe) let passes = self.passes  // each pass is used by one iteration only
    let results = ResultSlots<Result>(count: count)
    let next = Atomic(0)
    runHelped(min(self.count, count)) { worker in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        passes[worker].begin(batch(index), mode: mode, bindings: bindings)
        results.values[index] = body(passes[worker])
      }
    }
    return results.values.compactMap { $0 }
  }
}

/// A buffer with one element for each result; every element is written by one thread only.
final class ResultSlots<Result>: @unchecked Sendable {
  let values: UnsafeMutableBufferPointer<Result?>

  init(count: Int) {
    values = .allocate(capacity: count)
    values.initialize(repeating: nil)
  }

  deinit {
    values.deinitialize()
    values.deallocate()
  }
}
