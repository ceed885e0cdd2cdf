/// Where a tensor's gradient is kept.
///
/// Memory is taken when something first adds to the gradient, and given back when the op that made the tensor has read it. So
/// few gradients are there at once, and they stay in the cache.
package struct GradientSlot: BitwiseCopyable {
  /// The gradient, once there is one.
  private(set) var values: UnsafeMutablePointer<Float>?
  /// The number of values.
  let count: Int
  private let pool: Unmanaged<ArenaPool>
  private let reserved: UnsafeMutablePointer<Float>?
  /// Whether a step of the tape gives the memory back.
  var isOwned = false

  /// An empty slot; what comes into it lies in `reserved`, as a parameter's gradient does, or else in memory of the pool's.
  package init(count: Int, pool: ArenaPool, reserved: UnsafeMutablePointer<Float>? = nil) {
    self.count = count
    self.pool = .passUnretained(pool)
    self.reserved = reserved
  }

  /// The gradient, zeros at first.
  package mutating func read() -> UnsafeMutablePointer<Float> {
    let (gradient, isNew) = take()
    if isNew { gradient.initialize(repeating: 0, count: count) }
    return gradient
  }

  /// The gradient, and whether it is new: of any content then, to be filled.
  package mutating func take() -> (UnsafeMutablePointer<Float>, isNew: Bool) {
    if let values { return (values, false) }
    let memory = reserved ?? pool._withUnsafeGuaranteedRef { $0.take(count) }
    values = memory
    return (memory, true)
  }

  /// Gives the memory back, unless it is kept for this slot; there must be no later use.
  package mutating func release() {
    guard let values, reserved == nil else { return }
    pool._withUnsafeGuaranteedRef { $0.give(values, count) }
    self.values = nil
  }
}
