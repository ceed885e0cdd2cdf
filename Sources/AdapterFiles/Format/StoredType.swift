package import GraftCore
package import GraftSafetensors

/// The type in which an adapter file stores its values.
public enum StoredType: String, CaseIterable, Sendable, Codable {
  /// 32-bit floats, without loss.
  case float32 = "f32"
  /// IEEE half precision, with ten fraction bits.
  case float16 = "f16"
  /// The upper half of a 32-bit float, with seven fraction bits.
  case bfloat16 = "bf16"
  /// Integers from -127 to 127 with one scale per row or column.
  case int8

  /// The feature that a reader must support for this type, or `nil` if every reader supports it.
  var feature: String? { self == .int8 ? rawValue : nil }

  private var elementType: ElementType {
    switch self {
    case .float32: .f32
    case .float16: .f16
    case .bfloat16: .bf16
    case .int8: .i8
    }
  }

  /// Returns the name of the tensor with the scales of an integer tensor.
  static func scales(of name: String) -> String { "\(name).scale" }

  /// Adds a parameter's values to a file, with scales for integers.
  package func add(_ parameter: Parameter, to writer: inout SafetensorsWriter) throws {
    guard self == .int8 else {
      let bytes = elementType.bytes(of: UnsafeBufferPointer(parameter.values))
      return try writer.add(parameter.name, type: elementType, shape: parameter.shape, bytes: bytes)
    }
    let axis = ScaleAxis(parameter)
    let scales = axis.largest(of: parameter).map { $0 / 127 }
    let numbers = parameter.values.enumerated().map { index, value in
      let scale = scales[axis.index(of: index)]
      // A subnormal scale has few significant bits, so the quotient may exceed 127.
      let number = (value / scale).rounded(.toNearestOrEven)
      return UInt8(bitPattern: scale == 0 ? 0 : Int8(max(-127, min(127, number))))
    }
    try writer.add(parameter.name, type: .i8, shape: parameter.shape, bytes: numbers)
    try scales.withUnsafeBytes {
      try writer.add(Self.scales(of: parameter.name), type: .f32, shape: axis.shape, bytes: $0)
    }
  }
}

/// The axis of a matrix that has the scales: the shorter one, or the rows of a square matrix. A low-rank update therefore has one
/// scale per rank: for the rows of A and the columns of B. A vector has one scale.
struct ScaleAxis {
  private let rows: Int, columns: Int
  private let byColumn: Bool

  /// Chooses the axis for a parameter's shape.
  init(_ parameter: Parameter) {
    rows = parameter.rows
    columns = parameter.columns
    byColumn = columns < rows
  }

  /// The shape of the scales, which identifies the axis: `[rows, 1]` or `[1, columns]`.
  var shape: [Int] { byColumn ? [1, columns] : [rows, 1] }

  /// Returns the index of the scale for the value at an index.
  func index(of value: Int) -> Int { byColumn ? value % columns : value / columns }

  /// Returns the largest absolute value for each scale.
  func largest(of parameter: Parameter) -> [Float] {
    var largest = [Float](repeating: 0, count: byColumn ? columns : rows)
    for (index, value) in parameter.values.enumerated() {
      largest[self.index(of: index)] = max(largest[self.index(of: index)], abs(value))
    }
    return largest
  }
}

extension SafetensorsFile {
  /// Checks the entry of a parameter's values and returns it with the entry of its scales, if the values are integers.
  ///
  /// - Throws: `SafetensorsError` if the type is not one that an adapter file can have or the scales are missing;
  ///   ``AdapterFileError`` if the scales have the wrong type or shape.
  package func values(of parameter: Parameter, _ entry: TensorEntry) throws -> (TensorEntry, scales: TensorEntry?) {
    guard entry.elementType == .i8 else {
      _ = try floats(of: entry)  // throws if the elements are not floats
      return (entry, nil)
    }
    let scales = try self.entry(named: StoredType.scales(of: entry.name))
    guard scales.elementType == .f32, scales.shape == ScaleAxis(parameter).shape else {
      throw AdapterFileError.shape(
        file: path, name: scales.name, expected: ScaleAxis(parameter).shape, got: scales.shape)
    }
    return (entry, scales)
  }

  /// Converts an entry's values to floats and copies them into a parameter.
  package func fill(_ parameter: Parameter, _ entry: TensorEntry, scales: TensorEntry?) throws {
    guard let scales else { return try convertFloats(of: entry, into: parameter.values) }
    let axis = ScaleAxis(parameter)
    let factors = Parameter(name: scales.name, shape: [scales.elementCount])
    try convertFloats(of: scales, into: factors.values)
    for (index, number) in bytes(of: entry).enumerated() {
      parameter.values[index] = Float(Int8(bitPattern: number)) * factors.values[axis.index(of: index)]
    }
  }
}
