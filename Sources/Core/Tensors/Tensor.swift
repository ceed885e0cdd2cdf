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
  /// The number of the first row within the whole batch, of which a worker may hold a part: it names rows to the dropout.
  public let firstRow: Int

  /// Where its gradient is kept, or `nil` where nothing upstream trains; a view's begins at an offset.
  let slot: UnsafeMutablePointer<GradientSlot>?
  private let offset: Int

  /// Describes memory that is already there, of something that does not train.
  public init(rows: Int, columns: Int, values: UnsafeMutablePointer<Float>, firstRow: Int = 0) {
    self.init(rows: rows, columns: columns, values: values, slot: nil, firstRow: firstRow)
  }

  init(
    rows: Int, columns: Int, values: UnsafeMutablePointer<Float>, slot: UnsafeMutablePointer<GradientSlot>?,
    offset: Int = 0, firstRow: Int = 0
  ) {
    self.rows = rows
    self.columns = columns
    self.values = values
    self.slot = slot
    self.offset = offset
    self.firstRow = firstRow
  }

  /// What the loss changes by with each value, to read or to add to; `nil` where nothing upstream trains.
  public var gradient: UnsafeMutablePointer<Float>? {
    guard let slot else { return nil }
    return slot.pointee.read() + offset
  }

  /// The same for a step that can fill a gradient as well as add to it: when nothing has been added, it is of any content.
  func gradientToFill() -> (UnsafeMutablePointer<Float>, isNew: Bool)? {
    guard let slot else { return nil }
    guard isWhole else { return (slot.pointee.read() + offset, false) }
    return slot.pointee.take()
  }

  private var isWhole: Bool { offset == 0 && slot?.pointee.count == count }

  /// The same tensor for a step that reads or writes its gradient alone: it has no values.
  public var withoutValues: Tensor {
    Tensor(rows: rows, columns: columns, values: Self.nowhere, slot: slot, offset: offset, firstRow: firstRow)
  }

  private nonisolated(unsafe) static let nowhere = UnsafeMutablePointer<Float>.allocate(capacity: 1)

  /// Whether some values are the other's.
  func overlaps(_ other: Tensor) -> Bool {
    values < other.values + other.count && other.values < values + count
  }

  /// The number of values.
  public var count: Int { rows * columns }

  /// Whether something upstream of this tensor trains.
  public var trains: Bool { slot != nil }

  /// Some of the rows, in the same memory.
  public subscript(range: Range<Int>) -> Tensor {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
    return Tensor(
      rows: range.count, columns: columns, values: values + range.lowerBound * columns,
      slot: slot, offset: offset + range.lowerBound * columns, firstRow: firstRow + range.lowerBound)
  }

  /// A copy of the values, an array a row.
  public func toRows() -> [[Float]] {
    (0..<rows).map { Array(UnsafeBufferPointer(start: values + $0 * columns, count: columns)) }
  }

  /// A copy of the values, row after row.
  public func toArray() -> [Float] { Array(UnsafeBufferPointer(start: values, count: count)) }
}
