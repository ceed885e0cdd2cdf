import CKernels

/// What a training step draws its dropouts from: which elements go is a function of seed, step, site, row and column
/// alone, so it does not depend on how a batch was split among workers.
public struct DropoutKey: Sendable, Equatable {
  /// The run's seed.
  public let seed: UInt64
  /// The optimizer step.
  public let step: UInt32

  /// The key of one step of a run.
  public init(seed: UInt64, step: Int) { (self.seed, self.step) = (seed, UInt32(truncatingIfNeeded: step)) }

  /// The kernel's description of the dropout at `site`. The probability is rounded to 1/65536, the scale matches it.
  func dropout(probability: Float, site: UInt32) -> graft_dropout {
    let threshold = UInt32((probability * 65536).rounded())
    return graft_dropout(
      key: seed, step: step, site: site, threshold: threshold, scale: 65536 / Float(65536 - min(threshold, 65535)))
  }
}

extension graft_dropout {
  /// Drops nothing.
  static let none = graft_dropout(key: 0, step: 0, site: 0, threshold: 0, scale: 1)
}
