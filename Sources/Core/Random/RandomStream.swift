import CKernels

/// A stream of random numbers that depend only on seed, purpose, and position: Philox 4x32-10.
///
/// Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011. Streams with different purposes are independent, so that
/// an additional draw in one place does not affect others.
public struct RandomStream: RandomNumberGenerator, Sendable {
  private let seed: UInt64
  private let purpose: UInt64
  private var block: UInt64 = 0
  private var buffered: [UInt32] = []

  /// Creates the stream for a seed and a purpose, such as "shuffle" or a parameter's name.
  public init(seed: UInt64, purpose: String) {
    self.seed = seed
    self.purpose = purpose.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }  // FNV-1a
  }

  /// Returns the next 32 random bits.
  public mutating func next32() -> UInt32 {
    if buffered.isEmpty {
      let counter = [
        UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32),
        UInt32(truncatingIfNeeded: purpose), UInt32(truncatingIfNeeded: purpose >> 32),
      ]
      buffered = [0, 0, 0, 0]
      graft_philox_block(counter, seed, &buffered)
      buffered.reverse()
      block += 1
    }
    return buffered.removeLast()
  }

  /// Returns the next 64 random bits.
  public mutating func next() -> UInt64 { UInt64(next32()) << 32 | UInt64(next32()) }

  /// Returns a number in [0, 1) with 53 random bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }
}
