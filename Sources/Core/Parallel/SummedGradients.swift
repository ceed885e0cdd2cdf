import CKernels
import Dispatch

/// What a step's parts found together: the gradient of all trained values.
package struct SummedGradients {
  /// One gradient behind the other, as the bindings lay them out; valid until the next batch.
  package let values: UnsafeBufferPointer<Float>
  /// The Euclidean norm of all of them.
  package let norm: Double

  package init(values: UnsafeBufferPointer<Float>, norm: Double) { (self.values, self.norm) = (values, norm) }

  /// The factor that brings the norm down to `limit`; 1 where it is lower, or where there is no limit.
  ///
  /// Pascanu et al., 2013; as PyTorch's `clip_grad_norm_`, which divides by norm + 1e-6.
  package func scale(limit: Double?) -> Double { limit.map { min(1, $0 / (norm + 1e-6)) } ?? 1 }
}

extension Workers {
  /// Adds the workers' gradients, in the order of the workers, where the first one's are: once after each batch.
  package func sumGradients() -> SummedGradients {
    let gradients = passes.prefix(max(1, parts)).map(\.parameterGradients)
    let count = gradients[0].count
    guard let sum = passes[0].gradients.memory else { return SummedGradients(values: gradients[0], norm: 0) }
    nonisolated(unsafe) let (target, addends) = (sum, gradients.dropFirst().compactMap(\.baseAddress))
    let squares = ResultSlots<Double>(count: Self.blocks(of: count))
    forEachBlock(of: count) { block, range in
      let part = target + range.lowerBound
      for addend in addends { graft_accumulate(part, addend + range.lowerBound, range.count, 1) }
      squares.values[block] = graft_sum_of_squares(part, range.count)
    }
    let square = squares.values.compactMap { $0 }.reduce(0, +)
    return SummedGradients(values: gradients[0], norm: square.squareRoot())
  }

  /// Values of a block: a few arrays' blocks of this size are in the cache together.
  private static let block = 1 << 14

  private static func blocks(of count: Int) -> Int { (count + block - 1) / block }

  /// Calls `body` with the blocks of `0..<count`, by all workers at once; they are the same for any number of workers.
  func forEachBlock(of count: Int, _ body: @Sendable (_ block: Int, _ range: Range<Int>) -> Void) {
    let blocks = Self.blocks(of: count)
    // To wake another thread takes as long as some blocks.
    let threads = blocks < 16 ? 1 : self.count
    DispatchQueue.concurrentPerform(iterations: threads) { thread in
      for block in blocks * thread / threads..<blocks * (thread + 1) / threads {
        body(block, block * Self.block..<min(count, (block + 1) * Self.block))
      }
    }
  }
}
