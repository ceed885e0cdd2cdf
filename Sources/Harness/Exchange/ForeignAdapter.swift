import GraftCore
import GraftSafetensors
import GraftTransformer

/// An adapter out of another toolkit, in our words.
struct ForeignAdapter {
  /// The toolkit's name.
  let toolkit: String
  /// The key and value by which the toolkit says what method it is, for messages: `peft_type` and `IA3`.
  let kind: (key: String, value: String)
  /// What the toolkit calls the base.
  let baseName: String?
  /// The method's name and options, as a configuration has them.
  let method: [String: JSONValue]
  /// The values by our parameters' names.
  var values: [String: ForeignTensor]
  /// The classes' names, where the toolkit knows them.
  let labels: [String]?
  /// What it carries besides the method's parameters and a head of the base's structure.
  var extras = AdapterExtras()
  /// The longest sequence in training, where the toolkit knows it.
  var maxLength: Int?
  /// What the user should know: entries that have no effect, and what the toolkit itself leaves out.
  var notes: [String] = []

  /// The method's name.
  var methodName: String { if case .string(let name)? = method["name"] { name } else { "" } }
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

  /// The same values with other extents.
  func reshaped(_ shape: [Int]) -> ForeignTensor { ForeignTensor(self, shape: shape, values: values) }

  /// Other values with the same extents.
  func with(_ values: [Float]) -> ForeignTensor { ForeignTensor(self, shape: shape, values: values) }

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

  /// Whether both have the same shape and bits.
  func equals(_ other: ForeignTensor) -> Bool {
    shape == other.shape && values.elementsEqual(other.values) { $0.bitPattern == $1.bitPattern }
  }

  /// What is wrong with it.
  func error(_ reason: String) -> ExchangeError { .tensor(file: file, name: name, reason: reason) }
}
