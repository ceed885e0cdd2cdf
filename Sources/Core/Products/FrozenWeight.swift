import CKernels
import Synchronization

/// A weight W `[out, in]` that never changes, ready to be multiplied with; this one as it stands in memory. Shared by all workers.
class FrozenWeight: @unchecked Sendable {  // and so are the subclasses: what they make later is made once
  let weight: Parameter

  init(_ weight: Parameter) { self.weight = weight }

  /// `y = x W^T + b`: x `[rows, in]`, y `[rows, out]`, b `[out]` or `nil`.
  func project(_ x: Tensor, bias: UnsafePointer<Float>?, into y: Tensor, with kernels: ProductKernels) {
    guard let w = weight.values.baseAddress else { return }
    if let bias { graft_fill_rows(y.values, y.rows, y.columns, bias) }
    multiply(
      y.rows, y.columns, x.columns, x.values, w, transposeB: true, beta: bias == nil ? 0 : 1, into: y.values)
  }

  /// `dx = dy W`, or `dx += dy W` when it adds: dy `[rows, out]`, dx `[rows, in]`.
  func projectBack(
    _ dy: UnsafePointer<Float>, rows: Int, into dx: UnsafeMutablePointer<Float>, adds: Bool, with kernels: ProductKernels
  ) {
    guard let w = weight.values.baseAddress else { return }
    multiply(rows, weight.columns, weight.rows, dy, w, beta: adds ? 1 : 0, into: dx)
  }

  /// Gives back the memory of the weight as it stands in a file, where products are made of a copy.
  func releaseOriginal() {}
}

/// A weight that is multiplied as if its numbers and those it meets were bfloat16.
final class RoundedWeight: FrozenWeight, @unchecked Sendable {
  private let made = AtomicLazyReference<FrozenWeight>()
  private let make: @Sendable (Parameter) -> FrozenWeight

  /// - Parameter make: Of the weight, what multiplies with its numbers rounded.
  init(_ weight: Parameter, _ make: @escaping @Sendable (Parameter) -> FrozenWeight) {
    self.make = make
    super.init(weight)
  }

  /// With rounded numbers; made when it is first needed.
  private var rounded: FrozenWeight { made.load() ?? made.storeIfNil(make(weight)) }

  override func project(_ x: Tensor, bias: UnsafePointer<Float>?, into y: Tensor, with kernels: ProductKernels) {
    kernels.withRounded(x.values, count: x.count) { values in
      let x = Tensor(rows: x.rows, columns: x.columns, values: values)
      rounded.project(x, bias: bias, into: y, with: kernels)
    }
  }

  override func projectBack(
    _ dy: UnsafePointer<Float>, rows: Int, into dx: UnsafeMutablePointer<Float>, adds: Bool, with kernels: ProductKernels
  ) {
    kernels.withRounded(dy, count: rows * weight.rows) {
      rounded.projectBack($0, rows: rows, into: dx, adds: adds, with: kernels)
    }
  }

  override func releaseOriginal() { weight.release() }
}

extension Parameter {
  /// A copy whose numbers are rounded to bfloat16.
  func roundedToBFloat16() -> Parameter {
    let copy = copy()
    if let values = copy.values.baseAddress { graft_round_to_bfloat16(values, values, count) }
    return copy
  }
}
