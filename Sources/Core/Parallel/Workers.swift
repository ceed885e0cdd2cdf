import CKernels
import Dispatch
import Foundation

/// Passes that run side by side, one on each core, over parts of one batch.
///
/// They share nothing but frozen weights. Two single-threaded workers beat one two-threaded product at these sizes.
public final class Workers {
  /// Each worker's pass.
  public let passes: [Pass]
  private var sum: [Float] = []

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
    DispatchQueue.concurrentPerform(iterations: parts.count) { worker in
      passes[worker].begin(parts[worker], mode: mode, groups: groups)
      results.values[worker] = body(passes[worker], parts[worker])
    }
    for idle in passes[parts.count...] { idle.begin(PackedBatch(), mode: mode, groups: groups) }
    return results.values.compactMap { $0 }
  }

  /// Calls `body` with the workers' gradients, added in the order of the workers.
  public func withSummedGradients<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
    let first = passes[0].parameterGradients
    guard count > 1 else { return try body(first) }
    sum.removeAll(keepingCapacity: true)
    sum.append(contentsOf: first)
    return try sum.withUnsafeMutableBufferPointer { sum in
      for pass in passes.dropFirst() {
        if let target = sum.baseAddress, let addend = pass.parameterGradients.baseAddress {
          graft_accumulate(target, addend, sum.count, 1)
        }
      }
      return try body(UnsafeBufferPointer(sum))
    }
  }
}

/// One place for each worker's result; every worker writes its own.
private final class ResultSlots<Result>: @unchecked Sendable {
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
