import CKernels

/// The Euclidean norm of each row of a matrix `[rows, columns]`, `[rows]`: summed in double precision and in a fixed order, so that
/// the norms have the same bits on every processor.
///
/// - Parameters:
///   - values: The matrix, row by row.
///   - columns: Its width.
///   - norms: Memory for the norms; its size is the number of rows.
func computeRowNorms(
  of values: UnsafePointer<Float>, columns: Int, into norms: UnsafeMutableBufferPointer<Float>
) {
  for row in norms.indices {
    norms[row] = Float(graft_sum_of_squares(values + row * columns, columns).squareRoot())
  }
}
