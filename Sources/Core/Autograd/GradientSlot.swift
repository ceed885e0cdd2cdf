/// Where a tensor's gradient is kept.
///
/// Memory is taken when something first adds to the gradient, and given back when the op that made the tensor has read it. So
/// few gradients are there at once, and they stay in the cache.
package struct GradientSlot: BitwiseCopyable {
  /// The gradient, once there is one.
  private(set) var values: UnsafeMutablePointer<Float>?
  /// The number of values.
  let count: Int
  private let pool: Unmanaged<GradientPool>
  /// Whether a step of the tape gives the memory back.
  var isOwned = false

  /// A slot without memory, or with memory that is kept for it, such as a parameter's.
  package init(count: Int, pool: GradientPool, values: UnsafeMutablePointer<Float>? = nil) {
    (self.count, self.pool, self.values) = (count, .passUnretained(pool), values)
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
    let memory = pool._withUnsafeGuaranteedRef { $0.take(count) }
    values = memory
    return (memory, true)
  }

  /// Gives the memory back; there must be no later use.
  package mutating func release() {
    guard let values else { return }
    pool._withUnsafeGuaranteedRef { $0.give(values, count) }
    self.values = nil
  }
}

/// Memory for gradients of one pass, from its arena; what is given back serves the next one of its size.
package final class GradientPool {
  private let arena: Arena
  /// By size; what was given back last is taken first.
  private var idle: [Int: [UnsafeMutablePointer<Float>]] = [:]

  package init(arena: Arena) { self.arena = arena }

  func take(_ count: Int) -> UnsafeMutablePointer<Float> { idle[count]?.popLast() ?? arena.allocate(count) }

  func give(_ memory: UnsafeMutablePointer<Float>, _ count: Int) { idle[count, default: []].append(memory) }

  /// Forgets everything; the arena takes its memory back itself.
  func reset() { idle.removeAll(keepingCapacity: true) }
}
