import CKernels
import Synchronization

/// A weight W `[out, in]` that never changes, prepared for products. This base class multiplies with the unpacked weight. Shared
/// by all workers.
class FrozenWeight: @unchecked Sendable {  // subclasses create their packed data once
  let weight: Parameter

  init(_ weight: Parameter) { self.weight = weight }

  /// Computes `y = x W^T + b`: x `[rows, in]`, y `[rows, out]`, b `[out]` or `nil`.
  func project(_ x: Tensor, bias: UnsafePointer<Float>?, into y: Tensor, with kernels: ProductKernels) {
    guard let w = weight.values.baseAddress else { return }
    if let bias { graft_fill_rows(y.values, y.rows, y.columns, bias) }
    multiply(
      y.rows, y.columns, x.columns, x.values, w, transposeB: true, beta: bias == nil ? 0 : 1, into: y.values)
  }

  /// Computes `dx = dy W`, or `dx += dy W` if `adds`: dy `[rows, out]`, dx `[rows, in]`.
  func projectBack(
    _ dy: UnsafePointer<Float>, rows: Int, into dx: UnsafeMutablePointer<Float>, adds: Bool,
    with kernels: ProductKernels
  ) {
    guard let w = weight.values.baseAddress else { return }
    multiply(rows, weight.columns, weight.rows, dy, w, beta: adds ? 1 : 0, into: dx)
  }

  /// Releases the memory pages of the original weight in a mapped file, if products use a packed copy.
  func releaseOriginal() {}
}

/// A weight whose products round both factors to bfloat16.
final class RoundedWeight: FrozenWeight, @unchecked Sendable {
  private let storage = AtomicLazyReference<FrozenWeight>()
  private let make: @Sendable (Parameter) -> FrozenWeight

  /// - Parameter make: Returns a weight that multiplies with the rounded values of a parameter.
  init(_ weight: Parameter, _ make: @escaping @Sendable (Parameter) -> FrozenWeight) {
    self.make = make
    super.init(weight)
  }

  /// The rounded weight, created on first use.
  private var rounded: FrozenWeight { storage.load() ?? storage.storeIfNil(make(weight)) }

  override func project(_ x: Tensor, bias: UnsafePointer<Float>?, into y: Tensor, with kernels: ProductKernels) {
    kernels.withRounded(x.values, count: x.count) { values in
      let x = Tensor(rows: x.rows, columns: x.columns, values: values)
      rounded.project(x, bias: bias, into: y, with: kernels)
    }
  }

  override func projectBack(
    _ dy: UnsafePointer<Float>, rows: Int, into dx: UnsafeMutablePointer<Float>, adds: Bool,
    with kernels: ProductKernels
  ) {
    kernels.withRounded(dy, count: rows * weight.rows) {
      rounded.projectBack($0, rows: rows, into: dx, adds: adds, with: kernels)
    }
  }

  override func releaseOriginal() { weight.release() }
}

extension Parameter {
  /// Returns a copy with the values rounded to bfloat16.
  func roundedToBFloat16() -> Parameter {
    let copy = copy()
    if let values = copy.values.baseAddress { graft_round_to_bfloat16(values, values, count) }
    return copy
  }
}
