extension LoadedAdapter {
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
    let task = try name.map { try Task.named($0) } ?? file.metadata.makeTask()
    let source = try DataSource.find(task, path: data)
    guard task.labels.count == base.model.classes else {
      throw AdapterFileError.classes(file: file.path, labels: base.model.classes, classes: task.labels.count)
    }
    guard task.labelNames == file.metadata.labels else {
      throw AdapterFileError.labels(file: file.path, expected: task.labelNames, got: file.metadata.labels)
    }
    let examples = EncodedExamples(
      try source.read(split, of: task), tokenizer: base.tokenizer, maxLength: maxLength)
    let result = evaluator.evaluate(examples)
    return Evaluation(
      task: task.name, split: split, source: source.description, examples: result.examples, loss: result.loss,
      metrics: result.metrics, seconds: result.seconds, samplesPerSecond: result.samplesPerSecond)
  }
}
