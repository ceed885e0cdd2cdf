/// A tensor's values with its name in another toolkit's file.
public struct ForeignTensor: Sendable {
  /// The path of the file.
  public let file: String
  /// The tensor's name in the file.
  public let name: String
  /// The shape.
  public let shape: [Int]
  /// The values in row-major order.
  public let values: [Float]

  package init(file: String, name: String, shape: [Int], values: [Float]) {
    self.file = file
    self.name = name
    self.shape = shape
    self.values = values
  }

  /// Returns the same values with another shape.
  public func reshaped(_ shape: [Int]) -> ForeignTensor { with(values, shape: shape) }

  /// Returns other values with the same shape.
  public func with(_ values: [Float]) -> ForeignTensor { with(values, shape: shape) }

  private func with(_ values: [Float], shape: [Int]) -> ForeignTensor {
    precondition(shape.reduce(1, *) == values.count, "\(name): \(values.count) values do not have the shape \(shape)")
    return ForeignTensor(file: file, name: name, shape: shape, values: values)
  }

  /// The transposed matrix; other tensors are unchanged.
  public var transposed: ForeignTensor {
    guard shape.count == 2 else { return self }
    let rows = shape[0]
    let columns = shape[1]
    let transposed = (0..<columns).flatMap { column in (0..<rows).map { values[$0 * columns + column] } }
    return with(transposed, shape: [columns, rows])
  }

  /// Returns `width` columns of a matrix starting at `first`, as `[rows, width]`.
  public func columns(_ first: Int, _ width: Int) -> ForeignTensor {
    precondition(shape.count == 2 && first >= 0 && first + width <= shape[1], "\(name): it has no such columns")
    let part = (0..<shape[0]).flatMap { values[$0 * shape[1] + first..<$0 * shape[1] + first + width] }
    return with(part, shape: [shape[0], width])
  }

  /// Returns whether both tensors have the same shape and bits.
  package func equals(_ other: ForeignTensor) -> Bool {
    shape == other.shape && values.elementsEqual(other.values) { $0.bitPattern == $1.bitPattern }
  }

  /// Returns an error about this tensor.
  public func error(_ reason: String) -> ExchangeError { .tensor(file: file, name: name, reason: reason) }
}

/// The tensors in another toolkit's file. It records which ones have been read; none may be left over.
public final class ForeignTensors {
  /// A tensor's name and shape.
  public struct Entry: Sendable {
    /// The path of the file.
    public let file: String
    /// The name in the file.
    public let name: String
    /// The shape.
    public let shape: [Int]
    /// The number of values.
    public var count: Int { shape.reduce(1, *) }

    /// Returns an error about this tensor.
    public func error(_ reason: String) -> ExchangeError { .tensor(file: file, name: name, reason: reason) }
  }

  /// The path of the file.
  public let file: String
  /// The tensors, in file order.
  public let entries: [Entry]
  private let load: (String) throws -> ForeignTensor
  private var seen: Set<String> = []

  /// Creates the list of a file's tensors.
  ///
  /// - Parameters:
  ///   - file: The path of the file.
  ///   - entries: The names and shapes, in file order.
  ///   - load: Returns the tensor with a name, or throws an error if there is none.
  package init(
    file: String, entries: [(name: String, shape: [Int])], load: @escaping (String) throws -> ForeignTensor
  ) {
    self.file = file
    self.entries = entries.map { Entry(file: file, name: $0.name, shape: $0.shape) }
    self.load = load
  }

  /// The tensors that have not been read, in file order.
  public var unread: [Entry] { entries.filter { !seen.contains($0.name) } }

  /// Reads a tensor.
  ///
  /// - Throws: An error if its element type can't be converted to 32-bit floats.
  public func read(_ entry: Entry) throws -> ForeignTensor { try read(entry.name) }

  /// Reads the tensor with a name.
  ///
  /// - Throws: An error that suggests the nearest name if there is no such tensor.
  public func read(_ name: String) throws -> ForeignTensor {
    let tensor = try load(name)
    seen.insert(name)
    return tensor
  }
}
