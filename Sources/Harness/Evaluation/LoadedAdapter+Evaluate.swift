import GraftAdapterFiles
public import GraftInference
import GraftSupport

extension LoadedAdapter {
  /// The result of an evaluation. The JSON keys are stable.
  public struct Evaluation: Codable, Sendable {
    /// The task's name.
    public let task: String
    /// The evaluated split of the task.
    public let split: String
    /// The source of the examples.
    public let source: String
    /// The length to which texts were truncated, in tokens.
    public let maxLength: Int
    /// The number of examples.
    public let examples: Int
    /// The mean loss: cross-entropy, or squared error for regression.
    public let loss: Double
    /// The name of the main metric, by which runs are compared.
    public let mainMetric: String
    /// The task's metrics; a value is `nil` if the metric is undefined for these predictions.
    public let metrics: [String: Double?]
    /// The time from the first batch to the last, in seconds.
    public let seconds: Double
    /// The number of examples per second.
    public let samplesPerSecond: Double
    /// The files in the data folder that are not splits of the task.
    public let unusedFiles: [String]

    /// Returns the evaluation as one JSON object.
    public func json() throws -> String { try snakeCaseJSON(self) }
  }

  /// Evaluates the adapter on a task's examples.
  ///
  /// - Parameters:
  ///   - name: The task's name; `nil`: the task in the adapter file.
  ///   - data: The path of the data, a folder or a file; `nil`: as in training.
  ///   - splitName: The split; `nil`: the task's evaluation split in a folder, or all examples of a file.
  /// - Returns: The loss, the metrics, and the speed.
  /// - Throws: A `UserError` if the task, the data, or the split can't be used with this adapter.
  public func evaluate(task name: String? = nil, data: String? = nil, split splitName: String? = nil) throws
    -> Evaluation
  {
    let isAdapterTask = name == nil || name == file.metadata.task || name == TaskDefinition.customName
    let task = try isAdapterTask ? file.metadata.makeTask() : TaskDefinition.named(name ?? "")
    let source = try DataSource.find(task, path: data)
    guard source.isFolder || splitName == nil || splitName == DataSource.wholeFile else {
      throw TaskError.unknownSplit(splitName ?? "", folder: source.path)
    }
    let split = try source.name(of: splitName ?? source.evaluationSplit(of: task), for: task)
    try requireSameLabels(as: task)
    let examples = try ExampleIndex(source.file(split, of: task), task: task).all
      .encoded(base.tokenizer, maxLength: maxLength)
    // A user who names a split knows about the other splits, so those are not reported as unused.
    let known =
      SplitFiles.training + (splitName == nil ? task.evaluationSplits : SplitFiles.evaluation + SplitFiles.test)
    let result = try evaluate(examples, metrics: task.metrics)
    return Evaluation(
      task: task.name, split: split, source: source.description, maxLength: maxLength, examples: result.examples,
      loss: result.loss,
      mainMetric: result.mainMetric, metrics: result.metrics, seconds: result.seconds,
      samplesPerSecond: result.samplesPerSecond,
      unusedFiles: try source.unusedFiles(of: task, reading: [split] + known))
  }

  /// Evaluates the adapter on examples in memory.
  ///
  /// - Parameters:
  ///   - examples: The examples.
  ///   - task: The task; its labels must be those of the adapter.
  /// - Returns: The loss, the metrics, and the speed.
  /// - Throws: ``TaskError`` if an example does not belong to the task, `AdapterFileError` if the labels differ.
  public func evaluate(_ examples: [Example], task: TaskDefinition) throws -> EvaluationResult {
    try requireSameLabels(as: task)
    try ExampleSet(train: examples).check(task)
    return try evaluate(
      EncodedExamples(examples, tokenizer: base.tokenizer, maxLength: maxLength), metrics: task.metrics)
  }

  private func evaluate(_ examples: EncodedExamples, metrics: [Metric]) throws -> EvaluationResult {
    try withWorkers { bindings, workers in
      Evaluator(model: base.model, workers: workers, batchSize: Predictor.defaultBatchSize, bindings: bindings)
        .evaluate(examples, metrics: metrics)
    }
  }

  private func requireSameLabels(as task: TaskDefinition) throws {
    guard task.outputs == labels.count else {
      throw AdapterFileError.classes(file: file.path, labels: labels.count, classes: task.outputs)
    }
    guard task.labelNames == file.metadata.labels else {
      throw AdapterFileError.labels(file: file.path, expected: task.labelNames, got: file.metadata.labels)
    }
  }
}
