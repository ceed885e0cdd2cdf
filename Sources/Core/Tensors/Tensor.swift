/// A matrix of floats in memory that somebody else keeps: a worker's ``Arena`` or a ``Parameter``.
///
/// Shapes in this package are written with one set of letters: `T` tokens in a packed batch, `S` sequences, `D` hidden
/// width, `H` heads, `F` feed-forward width, `R` rank, `P` prefix length, `C` classes, `V` vocabulary. Weights are
/// `[out, in]`, as in the checkpoints; activations are `[T, D]`.
///
/// A tensor without a gradient says that nothing it depends on trains: whoever produces one then records no backward step
/// and frozen work is never done. It is a plain value, so that passing it on costs nothing; its memory lives until the
/// arena is reset, which ends the step.
public struct Tensor: BitwiseCopyable {
  /// How many rows there are: tokens or sequences.
  public let rows: Int
  /// How many columns there are: features.
  public let columns: Int
  /// The values, row after row.
  public let values: UnsafeMutablePointer<Float>
  /// What the loss changes by with each value, or `nil` where nothing upstream trains.
  public let gradient: UnsafeMutablePointer<Float>?
  /// The number of the first row within the whole batch, of which a worker may hold a part: it names rows to the dropout.
  public let firstRow: Int

  /// Describes memory that is already there.
  public init(
    rows: Int, columns: Int, values: UnsafeMutablePointer<Float>, gradient: UnsafeMutablePointer<Float>?,
    firstRow: Int = 0
  ) {
    (self.rows, self.columns, self.values, self.gradient) = (rows, columns, values, gradient)
    self.firstRow = firstRow
  }

  /// The number of values.
  public var count: Int { rows * columns }

  /// Whether something upstream of this tensor trains.
  public var trains: Bool { gradient != nil }

  /// Some of the rows, in the same memory.
  public subscript(range: Range<Int>) -> Tensor {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
    return Tensor(
      rows: range.count, columns: columns, values: values + range.lowerBound * columns,
      gradient: gradient.map { $0 + range.lowerBound * columns }, firstRow: firstRow + range.lowerBound)
  }

  /// A copy of the values, an array a row.
  public func toRows() -> [[Float]] {
    (0..<rows).map { Array(UnsafeBufferPointer(start: values + $0 * columns, count: columns)) }
  }

  /// A copy of the values, row after row.
  public func toArray() -> [Float] { Array(UnsafeBufferPointer(start: values, count: count)) }
}
