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
    /// The longest sequence, in tokens, that the file says it was trained with.
    public let maxLength: Int
    /// Whether that is a guess: the toolkit does not store it, and none was given.
    public let maxLengthAssumed: Bool
    /// What else the user should know.
    public let notes: [String]

    /// As one JSON object with keys in snake case.
    public func json() throws -> String { try snakeCaseJSON(self) }
  }

  private let base: PretrainedBase
  private let methods: MethodRegistry

  /// Imports onto a base, which must be the one that the adapter was trained on: other toolkits don't say which that was.
  public init(base: PretrainedBase, methods: MethodRegistry) {
    self.base = base
    self.methods = methods
  }

  /// Reads a folder and writes an adapter file.
  ///
  /// - Parameters:
  ///   - folder: What the other toolkit has saved.
  ///   - labels: The classes' names in the order of the logits; `nil`: the toolkit's, or `LABEL_0` and so on.
  ///   - task: A built-in task that it is for; `nil`: other data.
  ///   - maxLength: The longest sequence in training, in tokens. No toolkit but mlx's stores it; `nil`: theirs, else 256.
  ///   - output: The file.
  /// - Throws: ``ExchangeError`` that names what can't be honoured; nothing is dropped in silence.
  public func run(
    _ folder: String, labels: [String]? = nil, task: String? = nil, maxLength: Int? = nil, to output: String
  ) throws -> Report {
    guard labels == nil || task == nil else { throw ExchangeError.severalLabels }
    _ = try OutputFile(output, apartFrom: [folder, base.folder])
    let folder = try ForeignFolder(folder)
    var foreign = try read(folder)
    let last = foreign.extras.head.map { "head.\($0.layers - 1).weight" }
    let classes =
      foreign.values[last ?? base.model.configuration.family.classifierWeight]?.shape.first ?? base.model.classes
    guard (1...LabelNames.most).contains(classes) else {
      throw ExchangeError.config(file: folder.config.file, key: nil, reason: "the head has \(classes) outputs")
    }
    let made = try makeTask(task, labels: labels, foreign: foreign.labels, classes: classes)
    let adapter = try base.model.detached(
      try method(foreign, folder), as: "imported", seed: nil, classes: classes, carrying: foreign.extras)
    try fill(adapter, from: &foreign, folder)
    let longest = base.model.longestSequence(with: adapter)
    if let maxLength, !(3...longest).contains(maxLength) {
      throw LengthError(length: maxLength, longest: longest)
    }
    let known = maxLength ?? foreign.maxLength
    let length = max(3, min(known ?? TrainingConfiguration().maxLength, longest))
    let bytes: Int
    do {
      bytes = try AdapterFile.write(
        adapter, on: base, task: made, maxLength: length, seed: 0,
        workers: Workers(count: Workers.automaticCount), to: output)
    } catch AdapterFileError.notFinite {
      throw ExchangeError.config(
        file: folder.config.file, key: nil, reason: "the adapter's answers are not finite numbers")
    }
    return Report(
      toolkit: foreign.toolkit, output: output, bytes: bytes, base: base.name, namedBase: foreign.baseName,
      method: type(of: adapter.method).name, parameters: adapter.parameterCount, labels: made.labelNames,
      maxLength: length, maxLengthAssumed: known == nil, notes: foreign.notes)
  }

  /// The toolkit is told by what its configuration alone has.
  private func read(_ folder: ForeignFolder) throws -> ForeignAdapter {
    let names = EncoderNames(base.model)
    let config = folder.config
    if config.has("peft_type") { return try readPeft(folder, names) }
    if config.has("fine_tune_type") { return try readMLX(folder, names) }
    // The first versions of adapter-transformers wrote no version.
    if config.has("config"), config.has("model_type") || config.has("version") {
      return try readAdapterHub(folder, names)
    }
    throw ExchangeError.unknownToolkit(file: config.file)
  }

  private func method(_ foreign: ForeignAdapter, _ folder: ForeignFolder) throws -> any ParameterEfficientMethod {
    guard methods.names.contains(foreign.methodName) else {
      throw ExchangeError.unregistered(
        file: folder.config.file, key: foreign.kind.key, value: foreign.kind.value, method: foreign.methodName,
        known: methods.names)
    }
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
          let own = base.model.adaptable.parameters.first(where: { $0.name == parameter.name }),
          own.shape == parameter.shape
        else {
          let isOfHead = parameter.name.hasPrefix("head.") || EncoderNames(base.model).head.contains(parameter.name)
          throw ExchangeError.tensor(
            file: folder.path, name: parameter.name,
            reason: isOfHead
              ? "is missing, and the base does not have it; an adapter without its head answers at random"
              : "is missing, so the adapter is not whole; save it again")
        }
        _ = parameter.values.update(from: own.values)
        continue
      }
      guard tensor.shape == parameter.shape else {
        throw tensor.error("has shape \(tensor.shape), expected \(parameter.shape) for \(parameter.name)")
      }
      guard tensor.values.allSatisfy(\.isFinite) else { throw tensor.error("has values that are NaN or infinite") }
      _ = parameter.values.update(from: tensor.values)
    }
    if let left = foreign.values.values.min(by: { $0.name < $1.name }) {
      throw left.error(
        "belongs to nothing that \(type(of: adapter.method).title) or the head has here, so it can't be honoured")
    }
  }

  private func makeTask(_ named: String?, labels given: [String]?, foreign: [String]?, classes: Int) throws
    -> TaskDefinition
  {
    if let named {
      let task = try TaskDefinition.named(named)
      guard task.outputs == classes else {
        throw AdapterFileError.classes(file: "--task \(named)", labels: classes, classes: task.outputs)
      }
      return task
    }
    let labels = given ?? foreign ?? (classes == 1 ? ["label"] : (0..<classes).map { "LABEL_\($0)" })
    guard labels.count == classes, Set(labels).count == classes, !labels.contains("") else {
      throw LabelError(
        source: given == nil ? "the toolkit's labels" : "the labels",
        reason:
          "got \(labels.count == 1 ? "1 name" : "\(labels.count) names") (\(LabelNames.text(labels, most: 20))), expected "
          + "\(classes) different names, one for each output of the head")
    }
    return .custom(.init(text: "text", label: "label"), labels: labels)
  }
}
