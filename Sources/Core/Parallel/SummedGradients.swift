import CKernels
import Dispatch

/// The gradient of all trained values, summed over the parts of a batch.
package struct SummedGradients {
  /// The concatenated gradients, in the layout of the bindings; valid until the next batch.
  package let values: UnsafeBufferPointer<Float>
  /// The Euclidean norm of the whole gradient.
  package let norm: Double

  package init(values: UnsafeBufferPointer<Float>, norm: Double) {
    self.values = values
    self.norm = norm
  }

  /// Returns the factor that reduces the norm to `limit`; 1 if the norm is lower or there is no limit.
  ///
  /// Pascanu et al., 2013. Like PyTorch's `clip_grad_norm_`, it divides by norm + 1e-6.
  package func scale(limit: Double?) -> Double { limit.map { min(1, $0 / (norm + 1e-6)) } ?? 1 }
}

extension Workers {
  /// Adds the workers' gradients in worker order, into the first worker's memory, and then those of the processes. Call it once
  /// after each batch.
  ///
  /// - Throws: The errors of the reducer.
  package func sumGradients(over processes: any GradientReducer = SingleProcess()) throws -> SummedGradients {
    let gradients = passes.prefix(max(1, parts)).map(\.parameterGradients)
    let count = gradients[0].count
    guard let sum = passes[0].gradients.memory else { return SummedGradients(values: gradients[0], norm: 0) }
    nonisolated(unsafe) let (target, addends) = (sum, gradients.dropFirst().compactMap(\.baseAddress))
    let squares = ResultSlots<Double>(count: Self.blocks(of: count))
    let isAlone = processes.processCount == 1
    // A block is in the cache when it has been summed, so its norm is computed at once if the sum is final.
    forEachBlock(of: count) { block, range in
      let part = target + range.lowerBound
      for addend in addends { graft_accumulate(part, addend + range.lowerBound, range.count, 1) }
      if isAlone { squares.values[block] = graft_sum_of_squares(part, range.count) }
    }
    if !isAlone {
      try processes.sum(UnsafeMutableBufferPointer(start: target, count: count))
      forEachBlock(of: count) { block, range in
        squares.values[block] = graft_sum_of_squares(target + range.lowerBound, range.count)
      }
    }
    let square = squares.values.compactMap { $0 }.reduce(0, +)
    return SummedGradients(values: gradients[0], norm: square.squareRoot())
  }

  /// The number of values in a block, so that the blocks of a few arrays fit into the cache together.
  private static let block = 1 << 14

  private static func blocks(of count: Int) -> Int { (count + block - 1) / block }

  /// Calls `body` with the blocks of `0..<count` on all workers in parallel. The blocks do not depend on the number of workers.
  func forEachBlock(of count: Int, _ body: @Sendable (_ block: Int, _ range: Range<Int>) -> Void) {
    let blocks = Self.blocks(of: count)
    // Waking another thread takes as long as several blocks.
    let threads = blocks < 16 ? 1 : self.count
    DispatchQueue.concurrentPerform(iterations: threads) { thread in
      for block in blocks * thread / threads..<blocks * (thread + 1) / threads {
        body(block, block * Self.block..<min(count, (block + 1) * Self.block))
      }
    }
  }
}
