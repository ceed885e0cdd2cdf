public import GraftCore
import GraftSupport

/// One training, as a configuration file describes it.
public struct ExperimentConfiguration: Sendable {
  /// A name in the cache, or a folder in Hugging Face layout.
  public var base = "all-MiniLM-L6-v2"
  /// The task's name.
  public var task = "sst2"
  /// Where examples come from, and how many.
  public var data = DataConfiguration()
  /// The method with its options.
  public var method: any ParameterEfficientMethod
  /// What the run is called in reports; the method's name unless given.
  public var label: String
  /// How to train.
  public var training = TrainingConfiguration()
  /// How to compute.
  public var compute = ComputeConfiguration()
  /// An adapter file to start from.
  public var initFrom: String?
  /// The run's folder.
  public var output: String

  /// A training of one method with the defaults that `Docs/configuration.md` lists; change what should be different.
  ///
  /// - Parameters:
  ///   - method: The method with its options.
  ///   - task: The task's name.
  ///   - label: What the run is called in reports; `nil`: the method's name.
  ///   - output: The run's folder; `nil`: `runs/TASK-LABEL`.
  public init(
    method: any ParameterEfficientMethod, task: String = "sst2", label: String? = nil, output: String? = nil
  ) {
    let label = label ?? type(of: method).name
    self.method = method
    self.task = task
    self.label = label
    self.output = output ?? Self.usualOutput(task: task, label: label)
  }

  private static func usualOutput(task: String, label: String) -> String { "runs/\(task)-\(folderName(for: label))" }
}

extension ExperimentConfiguration: Decodable {
  /// Decodes and validates; unknown keys are refused at every level. The decoder's `userInfo` brings a `MethodRegistry` under
  /// `CodingUserInfoKey.methodRegistry`.
  ///
  /// - Throws: `DecodingError`.
  public init(from decoder: any Decoder) throws {
    var options = try OptionReader(decoder)
    base = try options.value("base", default: base, "name in the cache or folder in Hugging Face layout")
    task = try options.value("task", default: task, "what to learn") { name in
      let known = TaskDefinition.names
      return known.contains(name)
        ? nil : "one of the tasks \(known.joined(separator: ", "))\(didYouMean(name, in: known))"
    }
    data = try options.value("data", default: data, shownAs: "{}", "where examples come from, and how many")
    let isCustom = task == TaskDefinition.customName
    guard isCustom || (data.text == nil && data.textPair == nil && data.label == nil && !data.regression) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription:
            "task '\(task)' has its own columns; data.text, text_pair, label and regression go with task: custom"))
    }
    let columns = [data.text ?? "text", data.textPair, data.label ?? "label"].compactMap { $0 }
    guard !isCustom || Set(columns).count == columns.count else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath, debugDescription: "data.text, text_pair and label must be different columns"))
    }
    guard let method = try options.optional("method", of: DecodedMethod.self, shownAs: "required", "name and options")
    else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "'method' is missing; add method: {name: lora}"))
    }
    self.method = method.method
    let name = type(of: method.method).name
    label = try options.value(
      "label", default: name, "what the run is called in reports",
      check: {
        isLabel($0) ? nil : "some text on one line"
      })
    training = try options.value("training", default: training, shownAs: "{}", "how to train")
    compute = try options.value("compute", default: compute, shownAs: "{}", "how to compute")
    initFrom = try options.optional("init_from", "adapter file to start from")
    output = try options.value("output", default: Self.usualOutput(task: task, label: label), "the run's folder") {
      $0.isEmpty ? "the name of a folder" : nil
    }
    try options.finish()
  }
}

/// A method as it stands in a configuration: its name among its options.
struct DecodedMethod: Decodable, Sendable {
  let method: any ParameterEfficientMethod

  init(from decoder: any Decoder) throws {
    guard let registry = decoder.userInfo[.methodRegistry] as? MethodRegistry else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "the decoder brings no methods; put a MethodRegistry into userInfo[.methodRegistry]"))
    }
    method = try registry.method(from: decoder)
  }
}

/// A method as it is written to files: `name` and every option, resolved.
struct EncodedMethod: Encodable {
  let method: any ParameterEfficientMethod

  private enum Key: String, CodingKey { case name }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(type(of: method).name, forKey: .name)
    try method.configuration.encode(to: encoder)
  }
}

extension ExperimentConfiguration: Encodable {
  private enum Key: String, CodingKey {
    case base, task, data, method, label, training, compute, output
    case initFrom = "init_from"
  }

  /// Encodes every key with the value in force; what is null is left out.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(base, forKey: .base)
    try container.encode(task, forKey: .task)
    try container.encode(data, forKey: .data)
    try container.encode(EncodedMethod(method: method), forKey: .method)
    try container.encode(label, forKey: .label)
    try container.encode(training, forKey: .training)
    try container.encode(compute, forKey: .compute)
    try container.encodeIfPresent(initFrom, forKey: .initFrom)
    try container.encode(output, forKey: .output)
  }
}
