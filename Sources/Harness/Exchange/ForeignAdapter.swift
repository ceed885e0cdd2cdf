import GraftCore
import GraftSafetensors

/// An adapter out of another toolkit, in our words.
struct ForeignAdapter {
  /// The toolkit's name.
  let toolkit: String
  /// What the toolkit calls the base.
  let baseName: String?
  /// The method's name and options, as a configuration has them.
  let method: [String: JSONValue]
  /// The values by our parameters' names.
  var values: [String: ForeignTensor]
  /// The classes' names, where the toolkit knows them.
  let labels: [String]?
}

/// A tensor's values, with the name it has in the file.
struct ForeignTensor {
  /// The file and the tensor's name there.
  let file: String, name: String
  /// The extents.
  let shape: [Int]
  /// The values.
  let values: [Float]

  init(_ entry: TensorEntry, of file: SafetensorsFile) throws {
    let parameter = Parameter(name: entry.name, shape: entry.shape)
    try file.convertFloats(of: entry, into: parameter.values)
    (self.file, name, shape, values) = (file.path, entry.name, entry.shape, Array(parameter.values))
  }

  private init(_ other: ForeignTensor, shape: [Int], values: [Float]) {
    (file, name) = (other.file, other.name)
    (self.shape, self.values) = (shape, values)
  }

  /// The same values with other extents.
  func reshaped(_ shape: [Int]) -> ForeignTensor { ForeignTensor(self, shape: shape, values: values) }

  /// Rows as columns.
  var transposed: ForeignTensor {
    guard shape.count == 2 else { return self }
    let (rows, columns) = (shape[0], shape[1])
    let turned = (0..<columns).flatMap { column in (0..<rows).map { values[$0 * columns + column] } }
    return ForeignTensor(self, shape: [columns, rows], values: turned)
  }

  /// A part of each row: `[rows, width]`.
  func columns(_ first: Int, _ width: Int) -> ForeignTensor {
    let part = (0..<shape[0]).flatMap { values[$0 * shape[1] + first..<$0 * shape[1] + first + width] }
    return ForeignTensor(self, shape: [shape[0], width], values: part)
  }

  /// What is wrong with it.
  func fault(_ reason: String) -> ExchangeError { .tensor(file: file, name: name, reason: reason) }
}
