/// A named tensor of the base model or of an adapter.
///
/// The object's identity is the parameter's: gradients and replacements are found by it. A parameter of the base is frozen
/// and shared by all workers; one of an adapter is written by the optimizer, between steps, when no worker reads it.
public final class Parameter: Sendable {
  /// The checkpoint's own name without the family prefix, such as `encoder.layer.0.attention.self.query.weight`.
  public let name: String
  /// The extents, outermost first: `[out, in]` for a weight, `[out]` for a bias.
  public let shape: [Int]
  private let storage: FloatStorage

  /// A parameter over memory that holds as many floats as the shape says.
  public init(name: String, shape: [Int], storage: FloatStorage) {
    precondition(shape.reduce(1, *) == storage.floats.count, "\(name): \(shape) over \(storage.floats.count) floats")
    self.name = name
    self.shape = shape
    self.storage = storage
  }

  /// A parameter of zeros with memory of its own.
  public convenience init(name: String, shape: [Int]) {
    self.init(name: name, shape: shape, storage: FloatStorage(zeros: shape.reduce(1, *)))
  }

  /// The number of values.
  public var count: Int { storage.floats.count }
  /// The values, innermost extent first.
  public var values: UnsafeMutableBufferPointer<Float> { storage.floats }
  /// All extents but the last as one: the rows of the matrix that ops see. A vector is one row.
  public var rows: Int { shape.count < 2 ? 1 : shape.dropLast().reduce(1, *) }
  /// The last extent.
  public var columns: Int { shape.last ?? 1 }

  /// Gives back the memory of values that lie in a mapped file: they are read again when they are next touched.
  func release() { storage.release() }

  /// A parameter with the same name, shape and values in memory of its own.
  public func copy() -> Parameter {
    let copy = Parameter(name: name, shape: shape)
    _ = copy.values.update(from: values)
    return copy
  }
}
