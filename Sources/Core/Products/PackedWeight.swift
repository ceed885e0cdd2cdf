import CKernels
import Foundation
import Synchronization

/// A weight packed for our own kernels, and its transpose for the backward pass. Packing is lazy.
final class PackedWeight: FrozenWeight, @unchecked Sendable {
  private let forwards: PackedFloats
  private let backwards: PackedFloats

  /// - Parameter rounded: Whether the values are rounded to bfloat16.
  init(_ weight: Parameter, rounded: Bool = false) {
    forwards = PackedFloats(weight, isTransposed: true, rounded: rounded)
    backwards = PackedFloats(weight, isTransposed: false, rounded: rounded)
    super.init(weight)
  }

  override func project(_ x: Tensor, bias: UnsafePointer<Float>?, into y: Tensor, with kernels: ProductKernels) {
    multiply(
      x.values, x.rows, x.columns, forwards, y.columns, bias: bias, adds: false, into: y.values, with: kernels)
  }

  override func projectBack(
    _ dy: UnsafePointer<Float>, rows: Int, into dx: UnsafeMutablePointer<Float>, adds: Bool,
    with kernels: ProductKernels
  ) {
    multiply(dy, rows, weight.rows, backwards, weight.columns, bias: nil, adds: adds, into: dx, with: kernels)
  }

  override func releaseOriginal() { weight.release() }

  /// Computes `c = a b + bias`, or `c += a b` if `adds`: a `[rows, depth]`, b `[depth, width]` packed.
  private func multiply(
    _ a: UnsafePointer<Float>, _ rows: Int, _ depth: Int, _ matrix: PackedFloats, _ width: Int,
    bias: UnsafePointer<Float>?, adds: Bool, into c: UnsafeMutablePointer<Float>, with kernels: ProductKernels
  ) {
    let packed = matrix.ready()
    let next = kernels.prefetchTarget(after: matrix)
    let panels = graft_panel_count(width)
    // Each thread writes separate columns.
    nonisolated(unsafe) let (a, b, bias, c, start) = (a, packed, bias, c, next.start)
    kernels.share(panels, operations: 2 * rows * depth * width) { share in
      // If a product is shared among threads, it is unknown which thread starts the next one, so nothing is prefetched.
      graft_packed_product(
        a, rows, depth, b, width, bias, adds, share.lowerBound, share.count, start,
        share.count == panels ? next.bytes : 0, c)
    }
  }
}

/// A matrix packed for our kernels. Packing is lazy; threads that need it at the same time share the work panel by panel.
final class PackedFloats: @unchecked Sendable {  // a panel is written only by the thread that claimed it
  private let weight: Parameter
  private let isTransposed: Bool, rounded: Bool
  private let depth: Int, width: Int, panels: Int
  /// The memory, set once before any panel is packed.
  private let memory = Atomic<UnsafeMutablePointer<Float>?>(nil)
  private let claimed = Atomic(0), packed = Atomic(0)
  /// The first panel of the matrix that followed this one in the last use. It is prefetched but never read, because the matrix
  /// may have been freed.
  private let nextStart = Atomic<UnsafeRawPointer?>(nil), nextBytes = Atomic(0)

  /// Creates a packed copy of a weight `[out, in]` or its transpose; it is packed on first use.
  init(_ weight: Parameter, isTransposed: Bool, rounded: Bool) {
    self.weight = weight
    self.isTransposed = isTransposed
    self.rounded = rounded
    (depth, width) = isTransposed ? (weight.columns, weight.rows) : (weight.rows, weight.columns)
    panels = graft_panel_count(width)
  }

  /// Returns the packed values, and packs them first if necessary.
  func ready() -> UnsafeMutablePointer<Float> {
    if packed.load(ordering: .acquiring) == panels, let values = memory.load(ordering: .relaxed) { return values }
    let size = graft_panel_size(depth)
    let values = allocated(panels * size)
    while true {
      let panel = claimed.wrappingAdd(1, ordering: .relaxed).oldValue
      guard panel < panels else { break }
      let place = values + panel * size
      graft_pack_panel(
        weight.values.baseAddress, depth, width, isTransposed ? 1 : width, isTransposed ? depth : 1, panel, place)
      if rounded { graft_round_to_bfloat16(place, place, size) }
      if packed.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue == panels { weight.release() }
    }
    // Other threads are still packing their last panels.
    while packed.load(ordering: .acquiring) < panels { sched_yield() }
    return values
  }

  /// The first panel of the matrix that will probably be used next.
  var next: (start: UnsafeRawPointer?, bytes: Int) {
    (nextStart.load(ordering: .relaxed), nextBytes.load(ordering: .relaxed))
  }

  /// Remembers that a pass used `matrix` after this one; it will probably do so again.
  func isFollowed(by matrix: PackedFloats) {
    let start = UnsafeRawPointer(matrix.memory.load(ordering: .relaxed))
    let bytes = graft_panel_size(matrix.depth) * MemoryLayout<Float>.stride
    // Written only on change, because all workers share this memory.
    guard next != (start, bytes) else { return }
    nextStart.store(start, ordering: .relaxed)
    nextBytes.store(bytes, ordering: .relaxed)
  }

  /// Returns the memory. If several threads allocate it at the same time, the memory of the first one is used.
  private func allocated(_ count: Int) -> UnsafeMutablePointer<Float> {
    if let values = memory.load(ordering: .acquiring) { return values }
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    let values = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64).assumingMemoryBound(to: Float.self)
    guard let first = memory.compareExchange(expected: nil, desired: values, ordering: .acquiringAndReleasing).original
    else { return values }
    UnsafeMutableRawPointer(values).deallocate()
    return first
  }

  deinit { memory.load(ordering: .relaxed).map { UnsafeMutableRawPointer($0).deallocate() } }
}
