import CKernels
import Synchronization

/// A weight packed for our own loops, and its transpose for the way back; each is packed when it is first needed.
final class PackedWeight: FrozenWeight, @unchecked Sendable {
  private let forwards = AtomicLazyReference<PackedFloats>()
  private let backwards = AtomicLazyReference<PackedFloats>()
  private let rounded: Bool

  /// - Parameter rounded: Whether its numbers are rounded to bfloat16.
  init(_ weight: Parameter, rounded: Bool = false) {
    self.rounded = rounded
    super.init(weight)
  }

  override func project(_ x: Tensor, bias: UnsafePointer<Float>?, into y: Tensor, in pass: Pass) {
    let packed = forwards.load() ?? forwards.storeIfNil(packed(isTransposed: true))
    graft_packed_product(x.values, x.rows, x.columns, packed.values, y.columns, bias, false, y.values)
  }

  override func projectBack(
    _ dy: UnsafePointer<Float>, rows: Int, into dx: UnsafeMutablePointer<Float>, adds: Bool, in pass: Pass
  ) {
    let packed = backwards.load() ?? backwards.storeIfNil(packed(isTransposed: false))
    graft_packed_product(dy, rows, weight.rows, packed.values, weight.columns, nil, adds, dx)
  }

  override func releaseOriginal() { weight.release() }

  private func packed(isTransposed: Bool) -> PackedFloats {
    defer { releaseOriginal() }
    return PackedFloats(weight, isTransposed: isTransposed, rounded: rounded)
  }
}

/// A matrix in the order in which our loops read it.
private final class PackedFloats: @unchecked Sendable {  // written by its initializer alone
  let values: UnsafeMutablePointer<Float>

  /// Packs a weight `[out, in]`, or its transpose.
  init(_ weight: Parameter, isTransposed: Bool, rounded: Bool) {
    let (rows, columns) = (weight.rows, weight.columns)
    let (depth, width) = isTransposed ? (columns, rows) : (rows, columns)
    let count = graft_packed_count(depth, width)
    let bytes = count * MemoryLayout<Float>.stride
    values = UnsafeMutableRawPointer.allocate(byteCount: max(bytes, 64), alignment: 64).assumingMemoryBound(
      to: Float.self)
    graft_pack(weight.values.baseAddress, depth, width, isTransposed ? 1 : columns, isTransposed ? columns : 1, values)
    if rounded { graft_round_to_bfloat16(values, values, count) }
  }

  deinit { UnsafeMutableRawPointer(values).deallocate() }
}
