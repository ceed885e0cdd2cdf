import GraftCore
import GraftSafetensors
import GraftSupport

/// The common part of the readers of all toolkits' adapters.
class ForeignReading: ForeignReader {
  let type: String
  let config: ForeignConfig
  let tensors: ForeignTensors
  let names: EncoderNames
  /// The values by Graft's parameter names.
  var values: [String: ForeignTensor] = [:]
  var notes: [String] = []
  /// The modules that have parameters of the method.
  private(set) var adapted: Set<ModulePath> = []

  init(type: String, config: ForeignConfig, tensors: ForeignTensors, names: EncoderNames) {
    self.type = type
    self.config = config
    self.tensors = tensors
    self.names = names
  }

  func set(_ name: String, of path: ModulePath, to tensor: ForeignTensor) throws {
    guard values.updateValue(tensor, forKey: path.parameter(name)) == nil else {
      throw tensor.error("is in the file twice, under different names, so it can't be imported")
    }
    adapted.insert(path)
  }

  func note(_ text: String) { notes.append(text) }
}

extension ForeignTensors {
  /// The tensors of a safetensors file.
  convenience init(_ file: SafetensorsFile) {
    self.init(file: file.path, entries: file.entries.map { ($0.name, $0.shape) }) { name in
      let entry = try file.entry(named: name)
      let parameter = Parameter(name: entry.name, shape: entry.shape)
      try file.convertFloats(of: entry, into: parameter.values)
      return ForeignTensor(file: file.path, name: name, shape: entry.shape, values: Array(parameter.values))
    }
  }
}
