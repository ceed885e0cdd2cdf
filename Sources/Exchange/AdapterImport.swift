import Foundation
public import GraftAdapterFiles
public import GraftCore
import GraftInference
public import GraftMethods
public import GraftObjectives
import GraftSupport
import GraftTransformer

/// Imports adapters from peft, AdapterHub's adapters, and mlx.
public struct AdapterImport {
  /// The result of an import. The JSON keys are stable.
  public struct Report: Encodable, Sendable {
    /// The toolkit that wrote the adapter.
    public let toolkit: String
    /// The written file.
    public let output: String
    /// The size of the file, in bytes.
    public let bytes: Int
    /// The base that the imported adapter belongs to.
    public let base: String
    /// The base's name in the toolkit's files.
    public let namedBase: String?
    /// The method's name.
    public let method: String
    /// The number of trained values.
    public let parameters: Int
    /// What the adapter has learned.
    public let objective: String
    /// The names of the labels.
    public let labels: [String]
    /// The maximum sequence length in the written file, in tokens.
    public let maxLength: Int
    /// Whether the maximum length is a default, because the toolkit does not store it and none was given.
    public let maxLengthAssumed: Bool
    /// Notes for the user.
    public let notes: [String]

    /// Returns the report as one JSON object with keys in snake case.
    public func json() throws -> String { try snakeCaseJSON(self) }
  }

  private let base: PretrainedBase
  private let methods: MethodRegistry
  private let objectives: ObjectiveRegistry

  /// Prepares imports for a base. It must be the base that the adapter was trained on, which can't be checked, because other
  /// toolkits do not store a hash of it.
  public init(
    base: PretrainedBase, methods: MethodRegistry = .builtIn, objectives: ObjectiveRegistry = .builtIn
  ) {
    self.base = base
    self.methods = methods
    self.objectives = objectives
  }

  /// Reads a folder and writes an adapter file.
  ///
  /// - Parameters:
  ///   - folder: The folder that the other toolkit saved.
  ///   - labels: The names of the labels in the order of the logits; `nil`: the toolkit's, or `LABEL_0`, `LABEL_1`, …
  ///   - task: The task that the adapter is for; `nil`: a custom task.
  ///   - objective: The name of the objective; `nil`: the toolkit's, or regression for one output and classification for several.
  ///   - maxLength: The maximum sequence length in training, in tokens; `nil`: the stored one, else 256. Only mlx stores it.
  ///   - output: The path of the adapter file.
  /// - Throws: `ExchangeError` that names what is not supported; nothing is dropped silently.
  public func run(
    _ folder: String, labels: [String]? = nil, task: AdapterTask? = nil, objective: String? = nil,
    maxLength: Int? = nil, to output: String
  ) throws -> Report {
    guard labels == nil || task == nil else { throw ExchangeError.severalLabels }
    _ = try OutputFile(output, apartFrom: [folder, base.folder])
    let folder = try ForeignFolder(folder)
    var foreign = try read(folder)
    let headWeight = foreign.extras.head.map { "head.\($0.layers - 1).weight" }
    let classes =
      foreign.values[headWeight ?? base.model.family.classifierWeight]?.shape.first ?? base.model.classes
    guard (1...LabelNames.maximumCount).contains(classes) else {
      throw ExchangeError.config(
        file: folder.config.file, key: nil,
        reason: "the head has \(classes) outputs, expected 1 to \(LabelNames.maximumCount)")
    }
    let definition = try makeTask(task, labels: labels, objective: objective, foreign, outputs: classes)
    let adapter = try base.model.detached(
      try checkedMethod(foreign, folder), as: "imported", seed: nil, classes: classes, carrying: foreign.extras)
    try fill(adapter, from: &foreign, folder)
    let longest = base.model.longestSequence(with: adapter)
    if let maxLength, !(3...longest).contains(maxLength) {
      throw LengthError(length: maxLength, longest: longest)
    }
    let storedLength = maxLength ?? foreign.maxLength
    let length = max(3, min(storedLength ?? AdapterMetadata.defaultMaxLength, longest))
    let bytes: Int
    do {
      bytes = try AdapterFile.write(
        adapter, on: base, task: definition, maxLength: length, seed: 0,
        workers: Workers(count: Workers.automaticCount), to: output)
    } catch AdapterFileError.notFinite {
      throw ExchangeError.config(
        file: folder.config.file, key: nil, reason: "the adapter's logits are NaN or infinite")
    }
    return Report(
      toolkit: foreign.toolkit, output: output, bytes: bytes, base: base.name, namedBase: foreign.baseName,
      method: type(of: adapter.method).name, parameters: adapter.parameterCount, objective: definition.objective.name,
      labels: definition.labels, maxLength: length, maxLengthAssumed: storedLength == nil, notes: foreign.notes)
  }

  /// Reads the folder. The toolkit is recognized by keys that only its configuration has.
  private func read(_ folder: ForeignFolder) throws -> ForeignAdapter {
    let config = folder.config
    if config.has("peft_type") { return try readPeft(folder, EncoderNames(base.model), methods) }
    if config.has("fine_tune_type") { return try readMLX(folder, EncoderNames(base.model), methods) }
    // The first versions of adapter-transformers did not write a version.
    if config.has("config"), config.has("model_type") || config.has("version") {
      return try readAdapterHub(folder, base.model, methods, objectives)
    }
    throw ExchangeError.unknownToolkit(file: config.file)
  }

  /// Returns the method with its options checked like those of a configuration file or an adapter file.
  private func checkedMethod(_ foreign: ForeignAdapter, _ folder: ForeignFolder) throws -> any ParameterEfficientMethod
  {
    let decoder = JSONDecoder()
    decoder.userInfo[.methodRegistry] = methods
    do {
      return try decoder.decode(DecodedMethod.self, from: JSONEncoder().encode(EncodedMethod(foreign.method))).method
    } catch let error as DecodingError {
      throw ExchangeError.config(file: folder.config.file, key: nil, reason: error.summary)
    }
  }

  /// Copies the values into an adapter. Every tensor must belong to a parameter, and every parameter must have a tensor, except
  /// that the head's values may come from the base.
  private func fill(_ adapter: Adapter, from foreign: inout ForeignAdapter, _ folder: ForeignFolder) throws {
    for parameter in adapter.storedParameters {
      guard let tensor = foreign.values.removeValue(forKey: parameter.name) else {
        guard base.model.checkpointKeys[parameter.name] != nil,
          let source = base.model.adaptable.parameters.first(where: { $0.name == parameter.name }),
          source.shape == parameter.shape
        else {
          let isOfHead = parameter.name.hasPrefix("head.") || EncoderNames(base.model).head.contains(parameter.name)
          throw ExchangeError.tensor(
            file: folder.path, name: parameter.name,
            reason: isOfHead
              ? "is missing, and the base does not have it; without a head, the predictions would be random; "
                + "save the head too"
              : "is missing, so the adapter is incomplete; save it again")
        }
        _ = parameter.values.update(from: source.values)
        continue
      }
      guard tensor.shape == parameter.shape else {
        throw tensor.error("has shape \(tensor.shape), expected \(parameter.shape) for \(parameter.name)")
      }
      guard tensor.values.allSatisfy(\.isFinite) else { throw tensor.error("has values that are NaN or infinite") }
      _ = parameter.values.update(from: tensor.values)
    }
    if let unused = foreign.values.values.min(by: { $0.name < $1.name }) {
      throw unused.error(
        "belongs to no parameter of \(type(of: adapter.method).title) or the head, so it can't be imported")
    }
  }

  /// Returns the task for which the head has the right outputs.
  private func makeTask(
    _ task: AdapterTask?, labels given: [String]?, objective name: String?, _ foreign: ForeignAdapter, outputs: Int
  ) throws -> AdapterTask {
    if let task {
      let possible = foreign.objectives ?? [task.objective.name]
      guard name ?? task.objective.name == task.objective.name, possible.contains(task.objective.name) else {
        throw AdapterFileError.objective(
          file: "--task \(task.name)", expected: task.objective.name, got: name ?? possible.joined(separator: " or "))
      }
      guard task.objective.outputCount == outputs else {
        throw AdapterFileError.classes(
          file: "--task \(task.name)", labels: outputs, classes: task.objective.outputCount)
      }
      return task
    }
    let type = try objectiveType(name, foreign, outputs: outputs)
    guard let defaults = type.defaultLabelNames(outputs: outputs) else {
      throw ExchangeError.objective(
        type.name, reason: "can't have \(outputs) outputs, the number of the head; use --objective with another one")
    }
    let labels = given ?? foreign.labels ?? defaults
    guard Set(labels).count == labels.count, !labels.contains(""), labels.count == defaults.count else {
      throw LabelError(
        source: given == nil ? "the toolkit's labels" : "the labels",
        reason:
          "got \(labels.count == 1 ? "1 name" : "\(labels.count) names") (\(LabelNames.text(labels, most: 20))), "
          + "expected \(defaults.count) different names for the \(outputs) outputs of the head"
      )
    }
    return AdapterTask(
      labels: labels, objective: type.init(labelNames: labels).reference, columns: .init(text: "text", label: "label"))
  }

  /// Returns the objective with a name, or the one that the toolkit's own library would assume.
  private func objectiveType(_ name: String?, _ foreign: ForeignAdapter, outputs: Int) throws -> any Objective.Type {
    let implied = ObjectiveReference.implied(by: (0..<outputs).map { "\($0)" }).name
    let possible = foreign.objectives ?? [name ?? implied]
    let chosen = name ?? (possible.contains(implied) ? implied : possible.first ?? implied)
    let type = try objectives.type(named: chosen)
    guard possible.contains(chosen) else {
      throw ExchangeError.objective(
        chosen, reason: "is not that of the head, \(possible.joined(separator: " or ")); remove --objective")
    }
    return type
  }
}
