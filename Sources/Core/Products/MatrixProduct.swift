import COpenBLAS

/// Computes `c [m, n] = beta c + alpha a' b'`, where a' and b' are the row-major `a` and `b` or their transposes.
///
/// This is the only call to BLAS; all other files use tensors.
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
