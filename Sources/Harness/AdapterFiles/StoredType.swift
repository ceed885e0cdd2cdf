import GraftCore
import GraftSafetensors

/// How an adapter file keeps its values.
public enum StoredType: String, CaseIterable, Sendable, Codable {
  /// All bits.
  case float32 = "f32"
  /// IEEE halves: ten bits of fraction.
  case float16 = "f16"
  /// Floats cut to their upper half: seven bits of fraction.
  case bfloat16 = "bf16"
  /// Whole numbers from -127 to 127 with a scale for each row or column.
  case int8

  /// The name of what a file with such values asks of its reader, or `nil` when every reader knows it.
  var feature: String? { self == .int8 ? rawValue : nil }

  private var elementType: ElementType {
    switch self {
    case .float32: .f32
    case .float16: .f16
    case .bfloat16: .bf16
    case .int8: .i8
    }
  }

  /// The name of the scales of a tensor of whole numbers.
  static func scales(of name: String) -> String { "\(name).scale" }

  /// Adds a parameter's values to a file.
  func add(_ parameter: Parameter, to writer: inout SafetensorsWriter) throws {
    guard self == .int8 else {
      let bytes = elementType.bytes(of: UnsafeBufferPointer(parameter.values))
      return try writer.add(parameter.name, type: elementType, shape: parameter.shape, bytes: bytes)
    }
    let axis = ScaleAxis(parameter)
    let scales = axis.largest(of: parameter).map { $0 / 127 }
    let numbers = parameter.values.enumerated().map { index, value in
      let scale = scales[axis.index(of: index)]
      // A scale below the smallest normal number is coarse, so that the quotient may be too large.
      let number = (value / scale).rounded(.toNearestOrEven)
      return UInt8(bitPattern: scale == 0 ? 0 : Int8(max(-127, min(127, number))))
    }
    try writer.add(parameter.name, type: .i8, shape: parameter.shape, bytes: numbers)
    try scales.withUnsafeBytes {
      try writer.add(Self.scales(of: parameter.name), type: .f32, shape: axis.shape, bytes: $0)
    }
  }
}

/// Which side of a matrix has the scales: the shorter one, rows of a square. So a low-rank update has one for each of its ranks:
/// rows of A, columns of B. A vector has one.
struct ScaleAxis {
  private let rows: Int, columns: Int
  private let byColumn: Bool

  /// The axis for a parameter of this shape.
  init(_ parameter: Parameter) {
    rows = parameter.rows
    columns = parameter.columns
    byColumn = columns < rows
  }

  /// The scales' extents, which show the side: `[rows, 1]` or `[1, columns]`.
  var shape: [Int] { byColumn ? [1, columns] : [rows, 1] }

  /// The number of a value's scale.
  func index(of value: Int) -> Int { byColumn ? value % columns : value / columns }

  func largest(of parameter: Parameter) -> [Float] {
    var largest = [Float](repeating: 0, count: byColumn ? columns : rows)
    for (index, value) in parameter.values.enumerated() {
      largest[self.index(of: index)] = max(largest[self.index(of: index)], abs(value))
    }
    return largest
  }
}

extension SafetensorsFile {
  /// The entry of a parameter's values, with the scales' where they are whole numbers.
  ///
  /// - Throws: `SafetensorsError` when they are nothing that an adapter's values can be.
  func values(of parameter: Parameter, _ entry: TensorEntry) throws -> (TensorEntry, scales: TensorEntry?) {
    guard entry.elementType == .i8 else {
      _ = try floats(of: entry)  // throws when it has no floats
      return (entry, nil)
    }
    let scales = try self.entry(named: StoredType.scales(of: entry.name))
    guard scales.elementType == .f32, scales.shape == ScaleAxis(parameter).shape else {
      throw AdapterFileError.shape(
        file: path, name: scales.name, expected: ScaleAxis(parameter).shape, got: scales.shape)
    }
    return (entry, scales)
  }

  /// Writes an entry's values into a parameter.
  func fill(_ parameter: Parameter, _ entry: TensorEntry, scales: TensorEntry?) throws {
    guard let scales else { return try convertFloats(of: entry, into: parameter.values) }
    let axis = ScaleAxis(parameter)
    let factors = Parameter(name: scales.name, shape: [scales.elementCount])
    try convertFloats(of: scales, into: factors.values)
    for (index, number) in bytes(of: entry).enumerated() {
      parameter.values[index] = Float(Int8(bitPattern: number)) * factors.values[axis.index(of: index)]
    }
  }
}
