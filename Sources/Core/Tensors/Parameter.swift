/// A named tensor of the base model or of an adapter.
///
/// A parameter is identified by object identity: gradients and replacements are looked up by it. A base parameter is frozen and
/// shared by all workers. An adapter parameter is written by the optimizer between steps, when no worker reads it.
public final class Parameter: Sendable {
  /// The name in the checkpoint without the family prefix, such as `encoder.layer.0.attention.self.query.weight`.
  public let name: String
  /// The dimensions, outermost first: `[out, in]` for a weight, `[out]` for a bias.
  public let shape: [Int]
  /// The parameter of which this one is a range of rows, and those rows; `nil` if it is not part of another one.
  public let part: Part?
  private let storage: FloatStorage

  /// A range of a parameter's rows.
  public struct Part: Sendable {
    /// The whole parameter.
    public let whole: Parameter
    /// The rows of its first dimension.
    public let rows: Range<Int>
  }

  /// Creates a parameter over a buffer with as many floats as the shape requires.
  public convenience init(name: String, shape: [Int], storage: FloatStorage) {
    self.init(name: name, shape: shape, storage: storage, part: nil)
  }

  private init(name: String, shape: [Int], storage: FloatStorage, part: Part?) {
    precondition(
      shape.reduce(1, *) == storage.floats.count,
      "\(name): shape \(shape) does not match \(storage.floats.count) floats")
    self.name = name
    self.shape = shape
    self.storage = storage
    self.part = part
  }

  /// Creates a parameter that shares the values of some rows of another one, such as the queries of a fused projection.
  ///
  /// - Parameters:
  ///   - name: The name.
  ///   - rows: The rows of the first dimension.
  ///   - whole: The other parameter.
  public convenience init(name: String, rows: Range<Int>, of whole: Parameter) {
    let width = whole.shape.dropFirst().reduce(1, *)
    let values = UnsafeBufferPointer(rebasing: whole.values[rows.lowerBound * width..<rows.upperBound * width])
    self.init(
      name: name, shape: [rows.count] + whole.shape.dropFirst(), storage: FloatStorage(borrowing: values, from: whole),
      part: Part(whole: whole, rows: rows))
  }

  /// Creates a parameter of zeros in newly allocated memory.
  public convenience init(name: String, shape: [Int]) {
    self.init(name: name, shape: shape, storage: FloatStorage(zeros: shape.reduce(1, *)))
  }

  /// The number of values.
  public var count: Int { storage.floats.count }
  /// The values in row-major order.
  public var values: UnsafeMutableBufferPointer<Float> { storage.floats }
  /// The product of all dimensions but the last: the rows of the matrix that ops see. A vector is one row.
  public var rows: Int { shape.count < 2 ? 1 : shape.dropLast().reduce(1, *) }
  /// The last dimension.
  public var columns: Int { shape.last ?? 1 }

  /// Releases the memory pages of values in a mapped file; the next access reads them again.
  func release() { storage.release() }

  /// Returns a parameter with the same name, shape, and values in newly allocated memory.
  public func copy() -> Parameter {
    let copy = Parameter(name: name, shape: shape)
    _ = copy.values.update(from: values)
    return copy
  }
}
