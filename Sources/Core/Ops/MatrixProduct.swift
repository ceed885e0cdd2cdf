import COpenBLAS

/// `c [m, n] = beta c + alpha a' b'`, where a' and b' are the row-major `a` and `b` or their transposes.
///
/// The one door to BLAS: all other files speak of tensors.
@inline(__always)
func multiply(
  _ m: Int, _ n: Int, _ k: Int, alpha: Float = 1,
  _ a: UnsafePointer<Float>, transposeA: Bool = false, _ b: UnsafePointer<Float>, transposeB: Bool = false,
  beta: Float, into c: UnsafeMutablePointer<Float>
) {
  cblas_sgemm(
    CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
    blasint(m), blasint(n), blasint(k), alpha, a, blasint(transposeA ? m : k), b, blasint(transposeB ? k : n), beta, c,
    blasint(n))
}

/// Adds `scale a b^T` to a weight held apart from any pass: `weight [out, in] += scale * b [out, R] a [R, in]`.
///
/// What merging a low-rank update into a projection takes. (LoRA, Hu et al., 2021, section 4.1.)
public func accumulateProduct(_ b: Parameter, _ a: Parameter, scale: Float, into weight: Parameter) {
  precondition(b.columns == a.rows && weight.rows == b.rows && weight.columns == a.columns, "\(weight.name): shapes")
  guard let left = b.values.baseAddress, let right = a.values.baseAddress, let sum = weight.values.baseAddress else {
    return
  }
  multiply(b.rows, a.columns, a.rows, alpha: scale, left, right, beta: 1, into: sum)
}
