import CKernels

/// The key from which a training step draws its dropout masks. A mask depends only on seed, step, site, row, and column, so it
/// does not depend on how a batch is split among workers.
public struct DropoutKey: Sendable, Equatable {
  /// The run's seed.
  public let seed: UInt64
  /// The optimizer step.
  public let step: UInt32

  /// Creates the key of one step of a run.
  public init(seed: UInt64, step: Int) {
    self.seed = seed
    self.step = UInt32(truncatingIfNeeded: step)
  }

  /// Returns the kernel's description of the dropout at `site`. The probability is rounded to a multiple of 1/65536, and the
  /// scale matches the rounded probability.
  func dropout(probability: Float, site: UInt32) -> graft_dropout {
    let threshold = UInt32((probability * 65536).rounded())
    return graft_dropout(
      key: seed, step: step, site: site, threshold: threshold, scale: 65536 / Float(65536 - min(threshold, 65535)))
  }
}

extension graft_dropout {
  /// A dropout that drops nothing.
  static let none = graft_dropout(key: 0, step: 0, site: 0, threshold: 0, scale: 1)
}
