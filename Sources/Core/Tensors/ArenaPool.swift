/// Memory of an arena for tensors that do not live as long as the step: what is given back serves the next one of its size.
package final class ArenaPool {
  private let arena: Arena
  /// By size; what was given back last is taken first, as it is still in the cache.
  private var idle: [Int: [UnsafeMutablePointer<Float>]] = [:]

  package init(arena: Arena) { self.arena = arena }

  func take(_ count: Int) -> UnsafeMutablePointer<Float> { idle[count]?.popLast() ?? arena.allocate(count) }

  /// Takes memory back that was taken with this count, and that nobody touches any more.
  func give(_ memory: UnsafeMutablePointer<Float>, _ count: Int) {
    assert(idle[count]?.contains(memory) != true, "memory given back twice")
    idle[count, default: []].append(memory)
  }

  /// Forgets everything; the arena takes its memory back itself.
  func reset() { idle.removeAll(keepingCapacity: true) }
}
