/// A matrix of floats in memory that it does not own: a worker's ``Arena`` or a ``Parameter``.
///
/// Shapes in this package use one set of letters: `T` tokens in a packed batch, `S` sequences, `D` hidden width, `H` heads,
/// `F` feed-forward width, `R` rank, `P` prefix length, `C` classes, `V` vocabulary size. Weights are `[out, in]`, as in the
/// checkpoints; activations are `[T, D]`.
///
/// A tensor without a gradient depends on no trainable parameter. An op with such an output records no backward step, so no
/// work is spent on frozen parts of the model. A tensor is a plain value, so passing it on costs nothing; its memory is valid
/// until the arena is reset at the end of the step.
public struct Tensor: BitwiseCopyable {
  /// The number of rows: tokens or sequences.
  public let rows: Int
  /// The number of columns: features.
  public let columns: Int
  /// The values in row-major order.
  public let values: UnsafeMutablePointer<Float>
  /// The index of the first row within the whole batch, of which a worker may process a part. Dropout identifies rows by it.
  public let firstRow: Int

  /// The gradient's slot, or `nil` when nothing upstream trains. The gradient of a view starts at an offset.
  let slot: UnsafeMutablePointer<GradientSlot>?
  private let offset: Int

  /// Creates a tensor over existing memory that has no gradient.
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

  /// The gradient of the loss with respect to the values, to read or to add to; `nil` when nothing upstream trains.
  public var gradient: UnsafeMutablePointer<Float>? {
    guard let slot else { return nil }
    return slot.pointee.read() + offset
  }

  /// The gradient for a step that can either overwrite it or add to it. If `isNew`, the memory is uninitialized and must be
  /// overwritten.
  func gradientToFill() -> (UnsafeMutablePointer<Float>, isNew: Bool)? {
    guard let slot else { return nil }
    guard isWhole else { return (slot.pointee.read() + offset, false) }
    return slot.pointee.take()
  }

  private var isWhole: Bool { offset == 0 && slot?.pointee.count == count }

  /// The same tensor without values, for a backward step that uses only its gradient.
  public var withoutValues: Tensor {
    Tensor(rows: rows, columns: columns, values: Self.nowhere, slot: slot, offset: offset, firstRow: firstRow)
  }

  private nonisolated(unsafe) static let nowhere = UnsafeMutablePointer<Float>.allocate(capacity: 1)

  /// Returns whether the memory of two tensors overlaps.
  func overlaps(_ other: Tensor) -> Bool {
    values < other.values + other.count && other.values < values + count
  }

  /// The number of values.
  public var count: Int { rows * columns }

  /// Whether anything upstream of this tensor trains.
  public var trains: Bool { slot != nil }

  /// A view of a range of rows, in the same memory.
  public subscript(range: Range<Int>) -> Tensor {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
    return Tensor(
      rows: range.count, columns: columns, values: values + range.lowerBound * columns,
      slot: slot, offset: offset + range.lowerBound * columns, firstRow: firstRow + range.lowerBound)
  }

  /// Returns a copy of the values with one array per row.
  public func toRows() -> [[Float]] {
    (0..<rows).map { Array(UnsafeBufferPointer(start: values + $0 * columns, count: columns)) }
  }

  /// Returns a copy of the values in row-major order.
  public func toArray() -> [Float] { Array(UnsafeBufferPointer(start: values, count: count)) }
}
