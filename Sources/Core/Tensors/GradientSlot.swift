/// The storage of a tensor's gradient.
///
/// Memory is allocated when something is first added to the gradient, and released when the op that produced the tensor has read
/// it. As a result, few gradients exist at once, and they stay in the cache.
package struct GradientSlot: BitwiseCopyable {
  /// The gradient, or `nil` while nothing has been added to it.
  private(set) var values: UnsafeMutablePointer<Float>?
  /// The number of values.
  let count: Int
  private let pool: Unmanaged<ArenaPool>
  private let reserved: UnsafeMutablePointer<Float>?
  /// Whether a step of the tape releases the memory.
  var isOwned = false

  /// Creates an empty slot. The gradient is stored in `reserved`, as for a parameter, or otherwise in memory from the pool.
  package init(count: Int, pool: ArenaPool, reserved: UnsafeMutablePointer<Float>? = nil) {
    self.count = count
    self.pool = .passUnretained(pool)
    self.reserved = reserved
  }

  /// Returns the gradient, initialized to zeros if it is new.
  package mutating func read() -> UnsafeMutablePointer<Float> {
    let (gradient, isNew) = take()
    if isNew { gradient.initialize(repeating: 0, count: count) }
    return gradient
  }

  /// Returns the gradient, and whether it is new. A new gradient is uninitialized and must be overwritten.
  package mutating func take() -> (UnsafeMutablePointer<Float>, isNew: Bool) {
    if let values { return (values, false) }
    let memory = reserved ?? pool._withUnsafeGuaranteedRef { $0.take(count) }
    values = memory
    return (memory, true)
  }

  /// Returns the memory to the pool, unless it is reserved for this slot. The gradient must not be used afterwards.
  package mutating func release() {
    guard let values, reserved == nil else { return }
    pool._withUnsafeGuaranteedRef { $0.give(values, count) }
    self.values = nil
  }
}
