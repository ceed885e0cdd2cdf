import Foundation
public import GraftCore
import GraftSupport
import GraftTransformer

/// Takes adapters from peft, AdapterHub's adapters and mlx.
public struct AdapterImport {
  /// What was imported; the keys of its JSON are a promise.
  public struct Report: Encodable, Sendable {
    /// The toolkit that it comes from.
    public let toolkit: String
    /// The file that was written.
    public let output: String
    /// Its size.
    public let bytes: Int
    /// The base it belongs to now.
    public let base: String
    /// What the toolkit calls the base.
    public let namedBase: String?
    /// The method's name.
    public let method: String
    /// The number of values.
    public let parameters: Int
    /// The classes' names.
    public let labels: [String]

    /// As one JSON object with keys in snake case.
    public func json() throws -> String { try snakeCaseJSON(self) }
  }

  private let base: Base
  private let methods: MethodRegistry

  /// Imports onto a base, which must be the one that the adapter was trained on: other toolkits don't say which that was.
  public init(base: Base, methods: MethodRegistry) { (self.base, self.methods) = (base, methods) }

  /// Reads a folder and writes an adapter file.
  ///
  /// - Parameters:
  ///   - folder: What the other toolkit has saved.
  ///   - labels: The classes' names in the order of the logits; `nil`: the toolkit's, or `LABEL_0` and so on.
  ///   - task: A built-in task that it is for; `nil`: data of one's own.
  ///   - output: The file.
  /// - Throws: ``ExchangeError`` that names what can't be honoured; nothing is dropped in silence.
  public func run(_ folder: String, labels: [String]? = nil, task: String? = nil, to output: String) throws
    -> Report
  {
    guard labels == nil || task == nil else { throw ExchangeError.labelsAndTask }
    let names = EncoderNames(base.model)
    var folder = try ForeignFolder(folder)
    var foreign: ForeignAdapter
    if folder.config.has("peft_type") {
      foreign = try readPeft(folder, names)
    } else if case .string(let version) = folder.config.value("version"), version.hasPrefix("adapters.") {
      foreign = try readAdapterHub(folder, names)
    } else if folder.config.has("fine_tune_type") {
      foreign = try readMLX(folder, names)
    } else {
      throw ExchangeError.unknownToolkit(file: folder.config.file)
    }

    let classes = foreign.values[base.model.configuration.family.classifierWeight]?.shape.first ?? base.model.classes
    let made = try makeTask(task, labels: labels ?? foreign.labels, classes: classes)
    let id = base.model.base.unusedID(like: "imported")
    let adapter = try base.model.inject(try method(foreign, folder), as: id, seed: nil, classes: classes)
    defer { try? base.model.base.remove(id) }
    try fill(adapter, from: &foreign, folder)
    let maxLength = min(TrainingConfiguration().maxLength, base.model.longestSequence(with: adapter.id))
    let bytes: Int
    do {
      bytes = try AdapterFile.write(
        adapter, on: base, task: made, maxLength: maxLength, seed: 0,
        workers: Workers(count: Workers.automaticCount), to: output)
    } catch AdapterFileError.notFinite {
      throw ExchangeError.config(
        file: folder.config.file, key: nil, reason: "the adapter's answers are no finite numbers")
    }
    return Report(
      toolkit: foreign.toolkit, output: output, bytes: bytes, base: base.name, namedBase: foreign.baseName,
      method: type(of: adapter.method).name, parameters: adapter.parameterCount, labels: made.labelNames)
  }

  private func method(_ foreign: ForeignAdapter, _ folder: ForeignFolder) throws -> any ParameterEfficientMethod {
    let decoder = JSONDecoder()
    decoder.userInfo[.methodRegistry] = methods
    do {
      return try decoder.decode(DecodedMethod.self, from: JSONEncoder().encode(foreign.method)).method
    } catch let error as DecodingError {
      throw ExchangeError.config(file: folder.config.file, key: nil, reason: error.summary)
    }
  }

  /// Every tensor must have a place and every parameter a tensor; the head's may be the base's own.
  private func fill(_ adapter: Adapter, from foreign: inout ForeignAdapter, _ folder: ForeignFolder) throws {
    for parameter in adapter.parameters {
      guard let tensor = foreign.values.removeValue(forKey: parameter.name) else {
        guard base.model.checkpointKeys[parameter.name] != nil,
          let own = base.model.base.parameters.first(where: { $0.name == parameter.name }), own.shape == parameter.shape
        else {
          throw ExchangeError.tensor(
            file: folder.path, name: parameter.name,
            reason: "is missing, and the base does not have it; an adapter without its head answers at random")
        }
        _ = parameter.values.update(from: own.values)
        continue
      }
      guard tensor.shape == parameter.shape else {
        throw tensor.fault("has shape \(tensor.shape), expected \(parameter.shape) for \(parameter.name)")
      }
      guard tensor.values.allSatisfy(\.isFinite) else { throw tensor.fault("has values that are no numbers") }
      _ = parameter.values.update(from: tensor.values)
    }
    if let left = foreign.values.values.min(by: { $0.name < $1.name }) {
      throw left.fault(
        "belongs to nothing that \(type(of: adapter.method).title) or the head has here, so it can't be honoured")
    }
  }

  private func makeTask(_ named: String?, labels: [String]?, classes: Int) throws -> Task {
    if let named {
      let task = try Task.named(named)
      guard task.outputs == classes else {
        throw AdapterFileError.classes(file: "--task \(named)", labels: classes, classes: task.outputs)
      }
      return task
    }
    let labels = labels ?? (classes == 1 ? ["label"] : (0..<classes).map { "LABEL_\($0)" })
    guard labels.count == classes, Set(labels).count == classes, !labels.contains("") else {
      throw ExchangeError.config(
        file: "--labels", key: nil, reason: "\(labels.joined(separator: ", ")): expected \(classes) different names")
    }
    return .custom(.init(text: "text", label: "label"), labels: labels)
  }
}
