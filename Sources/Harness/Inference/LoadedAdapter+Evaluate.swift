extension LoadedAdapter {
  /// What an evaluation came to; the keys of its JSON are a promise.
  public struct Evaluation: Codable, Sendable {
    /// The task's name.
    public let task: String
    /// Which file of the task.
    public let split: String
    /// Where the examples came from.
    public let source: String
    /// The length at which texts were cut, in tokens.
    public let maxLength: Int
    /// The number of examples.
    public let examples: Int
    /// The mean cross-entropy.
    public let loss: Double
    /// The metric that runs are compared by.
    public let mainMetric: String
    /// The task's metrics; `nil` where one is not defined for these answers.
    public let metrics: [String: Double?]
    /// Seconds from the first batch to the last.
    public let seconds: Double
    /// Examples a second.
    public let samplesPerSecond: Double
    /// The files of the folder that are no split of the task.
    public let unusedFiles: [String]

    /// One JSON object.
    public func json() throws -> String { try snakeCaseJSON(self) }
  }

  /// Measures the adapter on a task's examples: the split that is named, else `dev` of a folder, or all of a file.
  public func evaluate(task name: String? = nil, data: String? = nil, split named: String? = nil) throws -> Evaluation {
    let isOwn = name == nil || name == file.metadata.task
    let task = try isOwn ? file.metadata.makeTask() : TaskDefinition.named(name ?? "")
    let source = try DataSource.find(task, path: data)
    guard source.isFolder || named == nil || named == DataSource.wholeFile else {
      throw TaskError.unknownSplit(named ?? "", folder: source.path)
    }
    let split = try source.name(of: named ?? source.evaluationSplit(of: task), for: task)
    guard task.outputs == labels.count else {
      throw AdapterFileError.classes(file: file.path, labels: labels.count, classes: task.outputs)
    }
    guard task.labelNames == file.metadata.labels else {
      throw AdapterFileError.labels(file: file.path, expected: task.labelNames, got: file.metadata.labels)
    }
    let examples = try ExampleIndex(source.file(split, of: task), task: task).all
      .encoded(base.tokenizer, maxLength: maxLength)
    // Whoever names a split knows the others.
    let known = SplitFiles.training + (named == nil ? task.evaluationSplits : SplitFiles.evaluation + SplitFiles.test)
    let result = try evaluating { $0.evaluate(examples, metrics: task.metrics) }
    return Evaluation(
      task: task.name, split: split, source: source.description, maxLength: maxLength, examples: result.examples,
      loss: result.loss,
      mainMetric: result.mainMetric, metrics: result.metrics, seconds: result.seconds,
      samplesPerSecond: result.samplesPerSecond,
      unusedFiles: try source.unusedFiles(of: task, reading: [split] + known))
  }
}
