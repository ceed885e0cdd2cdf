import GraftCore
import GraftSafetensors
import GraftSupport
import GraftTransformer

/// An adapter from another toolkit, converted to Graft's names.
struct ForeignAdapter {
  /// The toolkit's name.
  let toolkit: String
  /// The configuration key and value that name the method, for messages: for example `peft_type` and `IA3`.
  let kind: (key: String, value: String)
  /// The toolkit's name of the base.
  let baseName: String?
  /// The method's name and options, in the form used in configuration files.
  let method: [String: JSONValue]
  /// The values by Graft's parameter names.
  var values: [String: ForeignTensor]
  /// The class names, if the toolkit stores them.
  let labels: [String]?
  /// What the adapter contains besides the method's parameters and a head of the base's structure.
  var extras = AdapterExtras()
  /// The maximum sequence length in training, if the toolkit stores it.
  var maxLength: Int?
  /// Notes for the user: entries that have no effect, and values that the toolkit itself ignores.
  var notes: [String] = []

  /// The method's name.
  var methodName: String { if case .string(let name)? = method["name"] { name } else { "" } }
}

/// A tensor's values with its name in the file.
struct ForeignTensor {
  /// The path of the file.
  let file: String
  /// The tensor's name in the file.
  let name: String
  /// The shape.
  let shape: [Int]
  /// The values.
  let values: [Float]

  init(_ entry: TensorEntry, of file: SafetensorsFile) throws {
    let parameter = Parameter(name: entry.name, shape: entry.shape)
    try file.convertFloats(of: entry, into: parameter.values)
    self.file = file.path
    name = entry.name
    shape = entry.shape
    values = Array(parameter.values)
  }

  private init(_ other: ForeignTensor, shape: [Int], values: [Float]) {
    file = other.file
    name = other.name
    self.shape = shape
    self.values = values
  }

  /// Returns the same values with another shape.
  func reshaped(_ shape: [Int]) -> ForeignTensor { ForeignTensor(self, shape: shape, values: values) }

  /// Returns other values with the same shape.
  func with(_ values: [Float]) -> ForeignTensor { ForeignTensor(self, shape: shape, values: values) }

  /// The transposed matrix.
  var transposed: ForeignTensor {
    guard shape.count == 2 else { return self }
    let rows = shape[0]
    let columns = shape[1]
    let transposed = (0..<columns).flatMap { column in (0..<rows).map { values[$0 * columns + column] } }
    return ForeignTensor(self, shape: [columns, rows], values: transposed)
  }

  /// Returns `width` columns starting at `first`, as `[rows, width]`.
  func columns(_ first: Int, _ width: Int) -> ForeignTensor {
    let part = (0..<shape[0]).flatMap { values[$0 * shape[1] + first..<$0 * shape[1] + first + width] }
    return ForeignTensor(self, shape: [shape[0], width], values: part)
  }

  /// Returns whether both tensors have the same shape and bits.
  func equals(_ other: ForeignTensor) -> Bool {
    shape == other.shape && values.elementsEqual(other.values) { $0.bitPattern == $1.bitPattern }
  }

  /// Returns an error about this tensor.
  func error(_ reason: String) -> ExchangeError { .tensor(file: file, name: name, reason: reason) }
}
