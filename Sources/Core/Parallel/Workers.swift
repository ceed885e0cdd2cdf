import CKernels
import Dispatch
import Foundation
import Synchronization

/// Passes that run side by side, one on each core, over parts of one batch.
///
/// They share nothing but frozen weights. Two single-threaded workers beat one two-threaded product at these sizes; where there are
/// fewer sequences or batches than workers, those without any help the others with their products.
public final class Workers {
  /// Each worker's pass.
  public let passes: [Pass]
  /// How many of them, from the first on, had a part of the last batch.
  private(set) var parts = 0

  /// `count` workers with empty arenas.
  public init(count: Int) { passes = (0..<max(1, count)).map { _ in Pass() } }

  /// As many as this machine has cores: a function of the machine alone, so that a run can be repeated.
  public static var automaticCount: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// The number of workers.
  public var count: Int { passes.count }

  /// Cuts the batch by tokens, runs `body` on every part at once, and gives the results in the order of the parts.
  public func run<Result>(
    _ batch: PackedBatch, mode: Pass.Mode, bindings: ParameterBindings,
    _ body: @Sendable (_ pass: Pass, _ part: PackedBatch) -> Result
  ) -> [Result] {
    run(batch, mode: mode, groups: [bindings], body)
  }

  /// The same with bindings for each group of the batch's sequences.
  public func run<Result>(
    _ batch: PackedBatch, mode: Pass.Mode, groups: [ParameterBindings],
    _ body: @Sendable (_ pass: Pass, _ part: PackedBatch) -> Result
  ) -> [Result] {
    let parts = batch.split(into: count)
    nonisolated(unsafe) let passes = self.passes  // each is touched by one iteration only
    let results = ResultSlots<Result>(count: parts.count)
    runHelped(parts.count) { worker in
      passes[worker].begin(parts[worker], mode: mode, groups: groups)
      results.values[worker] = body(passes[worker], parts[worker])
    }
    self.parts = parts.count
    return results.values.compactMap { $0 }
  }

  /// Threads that share one worker's products, with itself: more would have too little each.
  private static let mostHelped = 8

  /// Calls `body` on the first workers, `working` of them, at once; the others help them with their products.
  private func runHelped(_ working: Int, _ body: @Sendable (_ worker: Int) -> Void) {
    guard working > 0 else { return }
    nonisolated(unsafe) let passes = self.passes  // each is touched by one iteration only
    let threads = min(count / working, Self.mostHelped)
    let helpers = (0..<working).map { _ in threads > 1 ? ProductHelpers(threads: threads) : nil }
    // Iterations begin in their order: the workers before their helpers. Were it not so, helpers would wait in vain and go home.
    DispatchQueue.concurrentPerform(iterations: working * threads) { iteration in
      let (place, worker) = iteration.quotientAndRemainder(dividingBy: working)
      guard place == 0 else { helpers[worker]?.help(); return }
      passes[worker].kernels.helpers = helpers[worker]
      body(worker)
      passes[worker].kernels.helpers = nil
      helpers[worker]?.close()
    }
  }

  /// What all workers together could multiply at most, in operations a second: measured now, in 32 bits, in registers alone.
  public func measurePeak() -> Double {
    let rates = ResultSlots<Double>(count: count)
    DispatchQueue.concurrentPerform(iterations: count) { worker in
      var sink = [Float](repeating: 0.5, count: 16)
      // The median of a while: a processor that was idle is quicker than it stays.
      rates.values[worker] =
        (0..<15).map { _ in
          let start = ContinuousClock.now
          let operations = graft_multiply_at_peak(2_000_000, &sink)
          let took = (ContinuousClock.now - start).components
          return operations / (Double(took.seconds) + Double(took.attoseconds) * 1e-18)
        }.sorted()[7]
    }
    return rates.values.compactMap { $0 }.reduce(0, +)
  }

  /// Runs many batches, each as a whole on whichever worker is free, and gives the results in the order of the batches.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - mode: What for; gradients of earlier batches are lost.
  ///   - bindings: What the passes see.
  ///   - batch: Makes a batch by its number, on the worker that takes it.
  ///   - body: Works on it.
  public func runEach<Result>(
    _ count: Int, mode: Pass.Mode, bindings: ParameterBindings, batch: @Sendable (Int) -> PackedBatch,
    _ body: @Sendable (_ pass: Pass) -> Result
  ) -> [Result] {
    nonisolated(unsafe) let passes = self.passes  // each is touched by one iteration only
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

/// One place for each worker's result; every worker writes its own.
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
