import GraftAdapterFiles
public import GraftInference
import GraftObjectives
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
    /// The mean loss of the objective.
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
    /// Why the result cannot be trusted; `nil` if there is no known reason.
    public let warning: String?

    /// Returns the evaluation as one JSON object.
    public func json() throws -> String { try snakeCaseJSON(self) }
  }

  /// Evaluates the adapter on a task's examples.
  ///
  /// - Parameters:
  ///   - name: The task's name; `nil`: the task in the adapter file.
  ///   - data: The path of the data, a folder or a file; `nil`: as in training.
  ///   - splitName: The split; `nil`: the task's evaluation split in a folder, or all examples of a file.
  ///   - tasks: The tasks that have names.
  /// - Returns: The loss, the metrics, and the speed.
  /// - Throws: A `UserError` if the task, the data, or the split can't be used with this adapter.
  public func evaluate(
    task name: String? = nil, data: String? = nil, split splitName: String? = nil, tasks: TaskRegistry = .builtIn
  ) throws -> Evaluation {
    let isAdapterTask = name == nil || name == file.metadata.task || name == TaskDefinition.customName
    let task = try isAdapterTask ? makeTask(tasks) : tasks.task(named: name ?? "")
    let source = try DataSource.find(task.files, path: data)
    guard source.isFolder || splitName == nil || splitName == DataSource.wholeFile else {
      throw TaskError.unknownSplit(splitName ?? "", folder: source.path)
    }
    let split = try source.name(of: splitName ?? source.evaluationSplit(of: task.files), for: task.files)
    try requireObjective(of: task)
    let examples = try ExampleIndex(source.file(split, of: task.files), task: task).all
      .encoded(base.tokenizer, maxLength: maxLength)
    // A user who names a split knows about the other splits, so those are not reported as unused.
    let known =
      SplitFiles.training + (splitName == nil ? task.files.evaluationSplits : SplitFiles.evaluation + SplitFiles.test)
    let result = try evaluate(examples, task.objective)
    return Evaluation(
      task: task.name, split: split, source: source.description, maxLength: maxLength, examples: result.examples,
      loss: result.loss,
      mainMetric: result.mainMetric, metrics: result.metrics, seconds: result.seconds,
      samplesPerSecond: result.samplesPerSecond,
      unusedFiles: try source.unusedFiles(of: task.files, reading: [split] + known),
      warning: overlapWarning(task, makeTask(tasks)))
  }

  /// Evaluates the adapter on the evaluation set of a run, which may be held out from the run's training file.
  ///
  /// - Parameters:
  ///   - configuration: The run's configuration.
  ///   - record: The run's own evaluation, or `nil`. If it differs from this one, the data has probably changed.
  /// - Returns: The same loss and metrics as in the run's summary, if the data is unchanged and the run saved its last state.
  /// - Throws: A `UserError` if the data cannot be read, or does not fit the adapter.
  package func evaluate(
    evaluationSetOf configuration: ExperimentConfiguration, insteadOf record: EvaluationRecord? = nil
  )
    throws -> Evaluation
  {
    let data = try ExperimentData(configuration)
    try requireObjective(of: data.task)
    let result = try evaluate(
      data.evaluationSet.encoded(base.tokenizer, maxLength: maxLength), data.task.objective)
    let others = try data.others.map { split, examples in
      let other = try evaluate(examples.encoded(base.tokenizer, maxLength: maxLength), data.task.objective)
      return (split, other.metrics)
    }
    let split =
      switch data.evaluation {
      case .file(let path, _): String(path.split(separator: "/").last?.split(separator: ".").first ?? "")
      case .heldOut, .memory: "held out from the training file"
      }
    return Evaluation(
      task: data.task.name, split: split, source: data.source.description, maxLength: maxLength,
      examples: result.examples, loss: result.loss, mainMetric: result.mainMetric,
      metrics: allMetrics(result.metrics, others),
      seconds: result.seconds, samplesPerSecond: result.samplesPerSecond, unusedFiles: [],
      warning: record.flatMap { changeWarning(result.record, $0) })
  }

  private func changeWarning(_ record: EvaluationRecord, _ earlier: EvaluationRecord) -> String? {
    let isTruncatedAlike = maxLength == file.metadata.maxLength
    let isSame =
      record.targets == earlier.targets
      && (!isTruncatedAlike
        || zip(record.outputs, earlier.outputs).allSatisfy { zip($0, $1).allSatisfy { abs($0 - $1) < 0.01 } })
    return isSame
      ? nil
      : "the data or the adapter has changed since the run, so the evaluation set may contain examples that the adapter was "
        + "trained on; evaluate on other data with --data"
  }

  /// Evaluates the adapter on examples in memory.
  ///
  /// - Parameters:
  ///   - examples: The examples.
  ///   - task: The task; its labels must be those of the adapter.
  /// - Returns: The loss, the metrics, and the speed.
  /// - Throws: ``/GraftHarness/TaskError`` if an example does not belong to the task, `AdapterFileError` if the labels differ.
  public func evaluate(_ examples: [Example], task: TaskDefinition) throws -> EvaluationResult {
    try requireObjective(of: task)
    try ExampleSet(train: examples).check(task)
    return try evaluate(
      EncodedExamples(examples, tokenizer: base.tokenizer, maxLength: maxLength), task.objective)
  }

  private func evaluate(_ examples: EncodedExamples, _ objective: any Objective) throws -> EvaluationResult {
    try withWorkers { bindings, workers in
      Evaluator(
        model: base.model, objective: objective, workers: workers, batchSize: Predictor.defaultBatchSize,
        bindings: bindings
      ).evaluate(examples)
    }
  }

  private func overlapWarning(_ task: TaskDefinition, _ trained: TaskDefinition) -> String? {
    guard task.name != trained.name, let texts = task.files.sharedTexts, texts == trained.files.sharedTexts else {
      return nil
    }
    return "the adapter was trained on \(trained.title), which shares sentences with \(task.title) (\(texts)); "
      + "the result is better than on new texts"
  }

  private func requireObjective(of task: TaskDefinition) throws {
    let expected = task.adapterTask
    try file.requireObjective(expected.objective)
    guard expected.labels == file.metadata.labels else {
      throw AdapterFileError.labels(file: file.path, expected: expected.labels, got: file.metadata.labels)
    }
  }
}
