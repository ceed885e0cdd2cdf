/// A pool of arena memory for tensors that do not live until the end of the step. Returned memory is reused for the next tensor
/// of the same size.
package final class ArenaPool {
  private let arena: Arena
  /// Free blocks by size, last in first out: the block returned last is still in the cache.
  private var idle: [Int: [UnsafeMutablePointer<Float>]] = [:]

  package init(arena: Arena) { self.arena = arena }

  func take(_ count: Int) -> UnsafeMutablePointer<Float> { idle[count]?.popLast() ?? arena.allocate(count) }

  /// Returns memory to the pool. It must have been taken with this count, and must not be accessed afterwards.
  func give(_ memory: UnsafeMutablePointer<Float>, _ count: Int) {
    assert(idle[count]?.contains(memory) != true, "memory returned to the pool twice")
    idle[count, default: []].append(memory)
  }

  /// Discards all free blocks. The arena frees the memory itself.
  func reset() { idle.removeAll(keepingCapacity: true) }
}
