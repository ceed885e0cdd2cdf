public import GraftCore
import GraftObjectives
import GraftSupport

/// The configuration of one training run.
public struct ExperimentConfiguration: Sendable {
  /// The base model: a name in the cache, or a folder in Hugging Face layout.
  public var base = "all-MiniLM-L6-v2"
  /// The task's name.
  public var task = "sst2"
  /// What is learned from your own data, for the task `custom`; `nil` means classification, or regression with
  /// ``DataConfiguration/regression``.
  public var objective: String?
  /// The source and number of examples.
  public var data = DataConfiguration()
  /// The method with its options.
  public var method: any ParameterEfficientMethod
  /// The run's name in reports; the method's name by default.
  public var label: String
  /// The training options.
  public var training = TrainingConfiguration()
  /// The precision and library of frozen products.
  public var compute = ComputeConfiguration()
  /// An adapter file that initializes the adapter.
  public var initFrom: String?
  /// The run's folder.
  public var output: String
  /// What the configuration can name.
  public var registries = Registries.builtIn

  /// Creates a configuration with the defaults listed in `Docs/configuration.md`; change its properties as needed.
  ///
  /// - Parameters:
  ///   - method: The method with its options.
  ///   - task: The task's name.
  ///   - label: The run's name in reports; `nil` uses the method's name.
  ///   - output: The run's folder; `nil` uses `runs/TASK-LABEL`.
  public init(
    method: any ParameterEfficientMethod, task: String = "sst2", label: String? = nil, output: String? = nil
  ) {
    let label = label ?? type(of: method).name
    self.method = method
    self.task = task
    self.label = label
    self.output = output ?? Self.defaultOutput(task: task, label: label)
  }

  /// The name of the objective for your own data.
  var resolvedObjective: String { objective ?? (data.regression ? Regression.name : Classification.name) }

  static func defaultOutput(task: String, label: String) -> String { "runs/\(task)-\(folderName(for: label))" }
}

extension ExperimentConfiguration: Decodable {
  /// Decodes and validates; unknown keys are errors at every level. The decoder's `userInfo` must contain a `MethodRegistry`
  /// under `CodingUserInfoKey.methodRegistry`, and can contain ``Registries`` under `CodingUserInfoKey.registries`.
  ///
  /// - Throws: `DecodingError`.
  public init(from decoder: any Decoder) throws {
    var options = try OptionReader(decoder)
    let registries = decoder.userInfo[.registries] as? Registries ?? .builtIn
    self.registries = registries
    base = try options.value("base", default: base, "name in the cache or folder in Hugging Face layout")
    task = try options.value("task", default: task, "the task's name") { name in
      let known = registries.tasks.names
      return known.contains(name)
        ? nil : "one of the tasks \(known.joined(separator: ", "))\(didYouMean(name, in: known))"
    }
    objective = try options.optional(
      "objective", shownAs: Classification.name, "what is learned, for task: custom"
    ) { name in
      let known = registries.objectives.names
      return known.contains(name)
        ? nil : "one of the objectives \(known.joined(separator: ", "))\(didYouMean(name, in: known))"
    }
    data = try options.value("data", default: data, shownAs: "{}", "source and number of examples")
    guard let method = try options.optional("method", of: DecodedMethod.self, shownAs: "required", "name and options")
    else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "'method' is missing; add method: {name: lora}"))
    }
    self.method = method.method
    let name = type(of: method.method).name
    label = try options.value(
      "label", default: name, "the run's name in reports",
      check: {
        isLabel($0) ? nil : "a nonempty text on one line"
      })
    training = try options.value("training", default: training, shownAs: "{}", "training options")
    compute = try options.value("compute", default: compute, shownAs: "{}", "precision and library")
    initFrom = try options.optional("init_from", "adapter file to start from")
    output = try options.value("output", default: Self.defaultOutput(task: task, label: label), "the run's folder") {
      $0.isEmpty ? "the name of a folder" : nil
    }
    if let problem = contradiction {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: problem))
    }
    try options.finish()
  }
}

extension ExperimentConfiguration: Encodable {
  private enum Key: String, CodingKey {
    case base, task, objective, data, method, label, training, compute, output
    case initFrom = "init_from"
  }

  /// Encodes every key with its resolved value; nulls are omitted.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(base, forKey: .base)
    try container.encode(task, forKey: .task)
    try container.encodeIfPresent(objective, forKey: .objective)
    try container.encode(data, forKey: .data)
    try container.encode(EncodedMethod(method), forKey: .method)
    try container.encode(label, forKey: .label)
    try container.encode(training, forKey: .training)
    try container.encode(compute, forKey: .compute)
    try container.encodeIfPresent(initFrom, forKey: .initFrom)
    try container.encode(output, forKey: .output)
  }
}

extension ExperimentConfiguration {
  /// The description of keys that contradict each other, or `nil`.
  var contradiction: String? {
    let columns = [data.text ?? "text", data.textPair, data.label ?? "label"].compactMap { $0 }
    guard task == TaskDefinition.customName else {
      let ownKeys = [data.text, data.textPair, data.label, objective].compactMap { $0 }
      return ownKeys.isEmpty && !data.regression
        ? nil
        : "task '\(task)' has fixed columns; data.text, text_pair, label, regression, and objective require task: custom"
    }
    guard Set(columns).count == columns.count else {
      return "data.text, text_pair and label must be different columns"
    }
    guard !data.regression || objective ?? Regression.name == Regression.name else {
      return "data.regression: true contradicts objective: \(objective ?? ""); remove one of them"
    }
    return nil
  }
}

/// Whether a label is usable in tables and reports: nonempty text on one line.
func isLabel(_ label: String) -> Bool {
  !label.isEmpty
    && !label.unicodeScalars.contains {
      [.control, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
    }
}
