import Foundation
public import GraftCore

/// An adapter file on its base, ready to answer: what `graft evaluate` and `graft verify` work with.
public struct LoadedAdapter {
  /// The file.
  public let file: AdapterFile
  /// The base it sits on.
  public let base: Base
  private let workers = Workers(count: Workers.automaticCount)
  private let methods: MethodRegistry
  private static let id: AdapterID = "loaded"

  /// Reads the file, finds its base and puts it on.
  ///
  /// - Parameters:
  ///   - path: The adapter file.
  ///   - name: Where to look for the base, in place of the name in the file; never what is accepted.
  /// - Throws: Errors for people that name what differs.
  public init(
    file path: String, base name: String? = nil, methods: MethodRegistry, locator: BaseLocator = BaseLocator()
  ) throws {
    file = try AdapterFile(path: path)
    self.methods = methods
    base = try Base(
      name ?? file.metadata.base.name, classes: file.metadata.labels.count, seed: 0, locator: locator)
    try file.attach(to: base, as: Self.id, methods: methods, workers: workers)
  }

  /// What an evaluation came to; the keys of its JSON are a promise.
  public struct Evaluation: Codable, Sendable {
    /// The task's name.
    public let task: String
    /// Which file of the task.
    public let split: String
    /// Where the examples came from.
    public let source: String
    /// The number of examples.
    public let examples: Int
    /// The mean cross-entropy.
    public let loss: Double
    /// The task's metrics.
    public let metrics: [String: Double]
    /// Seconds from the first batch to the last.
    public let seconds: Double
    /// Examples a second.
    public let samplesPerSecond: Double

    /// One JSON object.
    public func json() throws -> String { try snakeCaseJSON(self) }
  }

  /// Measures the adapter on a task's examples.
  public func evaluate(task name: String? = nil, data: String? = nil, split: String = "dev") throws -> Evaluation {
    let task = try Task.named(name ?? file.metadata.task)
    let source = try DataSource.find(task, path: data)
    guard task.labels.count == base.model.classes else {
      throw AdapterFileError.classes(file: file.path, labels: base.model.classes, classes: task.labels.count)
    }
    guard task.labelNames == file.metadata.labels else {
      throw AdapterFileError.labels(file: file.path, expected: task.labelNames, got: file.metadata.labels)
    }
    let maxLength = min(file.metadata.maxLength, base.model.configuration.longestSequence)
    let examples = EncodedExamples(
      try source.read(split, of: task), tokenizer: base.tokenizer, maxLength: maxLength)
    let evaluator = Evaluator(
      model: base.model, workers: workers, batchSize: TrainingConfiguration().evalBatchSize)
    let result = evaluator.evaluate(examples)
    return Evaluation(
      task: task.name, split: split, source: source.description, examples: result.examples, loss: result.loss,
      metrics: result.metrics, seconds: result.seconds, samplesPerSecond: result.samplesPerSecond)
  }

  /// What a verification found.
  public struct Verification: Codable, Sendable {
    /// The base's name.
    public let base: String
    /// Its hash.
    public let baseIdentity: String
    /// The largest difference between the stored logits and the answer now.
    public let probeDifference: Float
    /// What is allowed.
    public let tolerance: Float
    /// Whether the base alone answers the probe with the same bits before the adapter came and after it went.
    public let answersRestored: Bool
    /// Whether the base's tensors hash to what they did.
    public let baseUntouched: Bool

    /// One JSON object.
    public func json() throws -> String { try snakeCaseJSON(self) }
  }

  /// Takes the adapter off, asks, puts it on, asks, takes it off and asks again; it is on at the end, as before.
  public func verify() throws -> Verification {
    let (model, probe) = (base.model, file.metadata.probe)
    try model.base.remove(Self.id)
    let before = probe.answers(of: model, workers: workers)
    try file.attach(to: base, as: Self.id, methods: methods, workers: workers)
    let difference = probe.difference(asking: model, workers: workers)
    try model.base.remove(Self.id)
    let after = probe.answers(of: model, workers: workers)
    let untouched = BaseIdentity.hash(of: model) == base.identity.model
    try file.attach(to: base, as: Self.id, methods: methods, workers: workers)
    return Verification(
      base: base.name, baseIdentity: base.identity.model, probeDifference: difference, tolerance: probe.tolerance,
      answersRestored: bits(before) == bits(after), baseUntouched: untouched)
  }

  private func bits(_ logits: [[Float]]) -> [[UInt32]] { logits.map { $0.map(\.bitPattern) } }
}
