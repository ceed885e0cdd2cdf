import Foundation
public import GraftAdapterFiles
public import GraftCore
import GraftSupport
import GraftTransformer

/// One training run, from its configuration to its run folder, as in `graft train`.
public struct Experiment: Sendable {
  /// The configuration, with every value resolved.
  public let configuration: ExperimentConfiguration
  private let task: TaskDefinition?
  private let examples: ExampleSet?
  private let locator: BaseLocator

  /// Creates an experiment with a built-in task, or with the columns of the configuration.
  public init(_ configuration: ExperimentConfiguration, locator: BaseLocator = BaseLocator()) {
    self.configuration = configuration
    self.locator = locator
    task = nil
    examples = nil
  }

  /// Creates an experiment with a task defined in code.
  ///
  /// - Parameters:
  ///   - configuration: The configuration; its task's name is replaced, also in the default output folder.
  ///   - task: The task.
  ///   - examples: The examples; `nil` reads those of ``DataConfiguration/path``.
  ///   - locator: The locator of base models.
  public init(
    _ configuration: ExperimentConfiguration, task: TaskDefinition, examples: ExampleSet? = nil,
    locator: BaseLocator = BaseLocator()
  ) {
    var configuration = configuration
    if configuration.output
      == ExperimentConfiguration.defaultOutput(task: configuration.task, label: configuration.label)
    {
      configuration.output = ExperimentConfiguration.defaultOutput(task: task.name, label: configuration.label)
    }
    configuration.task = task.name
    self.configuration = configuration
    self.locator = locator
    self.task = task
    self.examples = examples
  }

  /// Information that is available before the first step.
  public struct Header: Sendable {
    /// The base model's name.
    public let base: String
    /// The base model's folder.
    public let folder: String
    /// The method's title.
    public let method: String
    /// The number of modules that the adapter is attached to.
    public let wrappedModules: Int
    /// The number of trainable values.
    public let trainableParameters: Int
    /// The number of values in the base model, one head, and the adapter.
    public let totalParameters: Int
    /// The data source.
    public let data: DataSource
    /// The number of training examples.
    public let trainExamples: Int
    /// The number of evaluation examples.
    public let evalExamples: Int
    /// The origin of the evaluation examples.
    public let evaluation: EvaluationOrigin
    /// Whether the evaluation examples were held out from the training file.
    public var isHeldOut: Bool { evaluation == .heldOut }
    /// The number of rows skipped because they are incomplete.
    public let skipped: Int
    /// The labels with their numbers of training examples; empty for regression.
    public let labels: [LabelCount]
    /// The kind of target, for people, such as `3 classes`.
    public let targets: String
    /// Notes about the data for the user: unused files and labels that look alike.
    public let notes: [String]
    /// The lengths of the training examples.
    public let lengths: LengthStatistics
    /// The number of workers that share each batch.
    public let workers: Int
    /// The precision and library of products with frozen weights.
    public let products: FrozenProducts
    /// Notes for the user about how the base model's files were read.
    public let baseNotes: [String]
    /// Unknown keys in the base model's files.
    public let unknownKeys: [String]
    /// Unused tensors of the checkpoint.
    public let unusedTensors: [String]
    /// Parameters that are missing from the checkpoint and were initialized.
    public let initialized: [String]
  }

  /// Trains, evaluates, and writes the run folder.
  ///
  /// - Parameters:
  ///   - started: The time at which the command started, for `wall_seconds`.
  ///   - isStopped: Called after each step; return `true` to stop. The run folder is complete in that case, too.
  ///   - profile: A profile that measures some steps and is written to `trace.json`, or `nil`.
  ///   - begin: Called with the header, before the first step.
  ///   - report: Called with each event.
  /// - Returns: The run's summary.
  /// - Throws: Errors with messages for the user. If training diverges, the folder contains the last good adapter.
  public func run(
    started: ContinuousClock.Instant = .now, isStopped: () -> Bool = { false }, profile: TrainingProfile? = nil,
    begin: (Header) -> Void = { _ in },
    report: (TrainingEvent) -> Void = { _ in }
  ) throws -> RunSummary {
    try configuration.validate()
    let training = configuration.training
    let data = try makeData()
    let task = data.task
    let base = try PretrainedBase(
      configuration.base, classes: task.objective.outputCount, seed: training.seed,
      products: configuration.compute.products, locator: locator, families: configuration.registries.families)
    let start = try configuration.initFrom.map { try AdapterFile(path: $0) }
    let adapter = try base.inject(
      configuration.method, as: AdapterID(configuration.label), seed: training.seed,
      classes: task.objective.outputCount,
      carrying: start?.metadata.extras ?? AdapterExtras())
    let workers = Workers(count: training.workers.resolved)
    try start?.initialize(adapter, on: base, for: task.adapterTask, workers: workers)

    try RunFolder.requireApart(configuration.output, from: data.source.paths(of: task.files))
    let folder = try RunFolder(path: configuration.output)
    try folder.write(configuration)
    let log = try RunLog(folder, configuration)
    do {
      let summary = try train(
        adapter, on: base, data, in: folder, log, workers, started: started, isStopped: isStopped, profile: profile,
        begin: begin,
        report: report)
      try log.end(summary.isInterrupted ? .interrupted : .success)
      if !summary.isInterrupted { try folder.finish() }
      return summary
    } catch {
      try? log.end(.failure)
      throw error
    }
  }

  private func makeData() throws -> ExperimentData {
    guard let task, let examples else { return try ExperimentData(configuration, task: task) }
    return try ExperimentData(configuration, task: task, examples: examples)
  }

  private func train(
    _ adapter: Adapter, on base: PretrainedBase, _ data: ExperimentData, in folder: RunFolder, _ log: RunLog,
    _ workers: Workers,
    started: ContinuousClock.Instant, isStopped: () -> Bool, profile: TrainingProfile?, begin: (Header) -> Void,
    report: (TrainingEvent) -> Void
  ) throws -> RunSummary {
    let training = configuration.training
    let task = data.task
    let maxLength = min(training.maxLength, base.model.longestSequence(with: adapter))
    let examples = try data.train.encoded(base.tokenizer, maxLength: maxLength)
    let evaluationSet = try data.evaluationSet.encoded(base.tokenizer, maxLength: maxLength)
    Processor.releaseMemory()  // used to index and encode the examples
    let header = header(base, adapter, data, examples.lengths, workers)
    begin(header)

    let trainer = Trainer(
      model: base.model, adapter: adapter, configuration: training, objective: task.objective,
      shuffles: configuration.data.shuffle, workers: workers)
    let outcome: Trainer.Outcome
    do {
      outcome = try trainer.train(
        on: examples, evaluatingOn: evaluationSet, profile: profile, isStopped: isStopped
      ) { event in
        switch event {
        case .log(let line): try log.append(line)
        case .evaluation(let evaluation): try log.append(evaluation)
        case .step:
          // Save the adapter now, because the final evaluation of an interrupted run may be interrupted, too.
          if isStopped() {
            try AdapterFile.write(
              adapter, on: base, task: task.adapterTask, maxLength: maxLength, seed: training.seed, workers: workers,
              to: folder.adapterPath)
          }
        }
        report(event)
      }
    } catch let error as TrainingError {
      if case .nonFiniteStart = error { throw error }
      try AdapterFile.write(
        adapter, on: base, task: task.adapterTask, maxLength: maxLength, seed: training.seed, workers: workers,
        to: folder.adapterPath)
      throw error
    }
    let bytes = try AdapterFile.write(
      adapter, on: base, task: task.adapterTask, maxLength: maxLength, seed: training.seed, workers: workers,
      to: folder.adapterPath
    )
    let others = try data.others.map { split, examples in
      let encoded = try examples.encoded(base.tokenizer, maxLength: maxLength)
      return (split, trainer.evaluator.evaluate(encoded))
    }
    let baseline = BaselineResult(
      task.objective.baseline(examples.targets), of: task.objective, insteadOf: outcome.final.result, others)
    let summary = summary(
      header, outcome, others, baseline, adapterBytes: bytes, wall: (ContinuousClock.now - started).seconds,
      isInterrupted: outcome.steps < outcome.totalSteps)
    try folder.write(outcome.final.result.record)
    try profile?.write(to: folder.tracePath)
    try folder.write(summary)
    try log.append(summary)
    return summary
  }

  private func header(
    _ base: PretrainedBase, _ adapter: Adapter, _ data: ExperimentData, _ lengths: LengthStatistics, _ workers: Workers
  ) -> Header {
    Header(
      base: base.name, folder: base.folder, method: type(of: configuration.method).title,
      wrappedModules: adapter.targets.count, trainableParameters: adapter.parameterCount,
      totalParameters: base.model.adaptable.parameterCount + adapter.addedParameterCount, data: data.source,
      trainExamples: data.train.count, evalExamples: data.evaluationSet.count, evaluation: data.evaluation,
      skipped: data.skipped, labels: LabelCount.count(data.train),
      targets: data.task.objective.summary, notes: data.notes, lengths: lengths,
      workers: workers.count, products: configuration.compute.products,
      baseNotes: base.notes + replacement(of: base), unknownKeys: base.unknownKeys,
      unusedTensors: base.model.unusedTensors, initialized: base.model.initialized)
  }

  private func replacement(of base: PretrainedBase) -> [String] {
    guard let original = base.model.replacedClasses else { return [] }
    return [
      "the base model's classifier has \(original) outputs; it is replaced by a new one with \(base.model.classes), "
        + "which is trained"
    ]
  }

  private func summary(
    _ header: Header, _ outcome: Trainer.Outcome, _ others: [(split: String, result: EvaluationResult)],
    _ baseline: BaselineResult, adapterBytes: Int, wall: Double, isInterrupted: Bool
  ) -> RunSummary {
    let final = outcome.final.result
    let best = outcome.best
    return RunSummary(
      label: configuration.label, method: type(of: configuration.method).name, task: configuration.task,
      base: configuration.base, seed: configuration.training.seed, trainableParameters: header.trainableParameters,
      totalParameters: header.totalParameters, adapterBytes: adapterBytes, steps: outcome.steps,
      trainSeconds: outcome.seconds, trainSamplesPerSecond: Double(outcome.samples) / max(outcome.seconds, 1e-9),
      evalSeconds: final.seconds, evalSamplesPerSecond: final.samplesPerSecond, wallSeconds: wall,
      peakMemoryBytes: RunEnvironment.peakMemoryBytes, evalLoss: final.loss, mainMetric: final.mainMetric,
      metrics: allMetrics(final.metrics, others.map { ($0.split, $0.result.metrics) }),
      best: .init(step: best.step, loss: best.result.loss, metrics: best.result.metrics), baseline: baseline,
      workers: header.workers, precision: header.products.precision.rawValue,
      frozenProducts: header.products.library.rawValue,
      data: .init(
        source: header.data.description, trainExamples: header.trainExamples, evalExamples: header.evalExamples),
      versions: RunEnvironment.versions, interrupted: isInterrupted ? true : nil)
  }
}
