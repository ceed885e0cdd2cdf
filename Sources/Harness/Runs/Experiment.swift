import Foundation
public import GraftCore
import GraftSupport
import GraftTransformer

/// One training from configuration to run folder: what `graft train` does.
public struct Experiment {
  /// What to do, every value resolved.
  public let configuration: ExperimentConfiguration
  private let locator: BaseLocator

  /// An experiment that has not begun.
  public init(_ configuration: ExperimentConfiguration, locator: BaseLocator = BaseLocator()) {
    self.configuration = configuration
    self.locator = locator
  }

  /// What is known before the first step, for the header.
  public struct Header: Sendable {
    /// The base's name.
    public let base: String
    /// The base's folder.
    public let folder: String
    /// The method's title.
    public let method: String
    /// Modules that something is attached to.
    public let wrappedModules: Int
    /// Values that train.
    public let trainableParameters: Int
    /// Values of base, one head and adapter.
    public let totalParameters: Int
    /// Where the data comes from.
    public let data: DataSource
    /// Training examples.
    public let trainExamples: Int
    /// Evaluation examples.
    public let evalExamples: Int
    /// Where the evaluation examples come from.
    public let evaluation: EvaluationOrigin
    /// Whether the evaluation examples were held out of the training file.
    public var isHeldOut: Bool { evaluation == .heldOut }
    /// Rows that were left out because they lack something.
    public let skipped: Int
    /// The classes with their training examples; none where a number is learnt.
    public let classes: [ClassCount]
    /// What people should know about the data: files that are not used, labels that look alike.
    public let notes: [String]
    /// How long the training examples are.
    public let lengths: LengthStatistics
    /// Workers that share each batch.
    public let workers: Int
    /// How products with frozen weights are made.
    public let products: FrozenProducts
    /// What a user should know about how the base's files were read.
    public let baseNotes: [String]
    /// Keys of the base's files that are not known.
    public let unknownKeys: [String]
    /// Tensors of the checkpoint that nothing uses.
    public let unusedTensors: [String]
    /// Parameters that the checkpoint lacks.
    public let initialized: [String]
  }

  /// Trains, evaluates and writes the run folder.
  ///
  /// - Parameters:
  ///   - started: When the command began, for `wall_seconds`.
  ///   - isStopped: Asked after every step; when it says yes, the run ends there, with all that a run leaves.
  ///   - profile: Measures some steps and leaves `trace.json` in the folder, or `nil`.
  ///   - begin: Called with the header, before the first step.
  ///   - report: Called with everything that happens.
  /// - Throws: Errors for people. When a training diverges, the folder holds the adapter's last good state.
  public func run(
    started: ContinuousClock.Instant = .now, isStopped: () -> Bool = { false }, profile: TrainingProfile? = nil,
    begin: (Header) -> Void = { _ in },
    report: (TrainingEvent) -> Void = { _ in }
  ) throws -> RunSummary {
    let training = configuration.training
    let data = try ExperimentData(configuration)
    let task = data.task
    let base = try PretrainedBase(
      configuration.base, classes: task.outputs, seed: training.seed, products: configuration.compute.products,
      locator: locator)
    let start = try configuration.initFrom.map { try AdapterFile(path: $0) }
    let adapter = try base.inject(
      configuration.method, as: AdapterID(configuration.label), seed: training.seed, classes: task.outputs,
      carrying: start?.metadata.extras ?? AdapterExtras())
    let workers = Workers(count: training.workers.resolved)
    try start?.initialize(adapter, on: base, for: task, workers: workers)

    try RunFolder.requireApart(configuration.output, from: data.source.contents(of: task))
    let folder = try RunFolder(path: configuration.output)
    try folder.write(configuration)
    let log = try RunLog(folder, configuration)
    do {
      let summary = try train(
        adapter, on: base, data, in: folder, log, workers, started: started, isStopped: isStopped, profile: profile,
        begin: begin,
        report: report)
      let isInterrupted = isStopped()
      try log.end(isInterrupted ? .interrupted : .success)
      if !isInterrupted { try folder.finish() }
      return summary
    } catch {
      try? log.end(.failure)
      throw error
    }
  }

  private func train(
    _ adapter: Adapter, on base: PretrainedBase, _ data: ExperimentData, in folder: RunFolder, _ log: RunLog,
    _ workers: Workers,
    started: ContinuousClock.Instant, isStopped: () -> Bool, profile: TrainingProfile?, begin: (Header) -> Void,
    report: (TrainingEvent) -> Void
  ) throws -> RunSummary {
    let (training, task) = (configuration.training, data.task)
    let maxLength = min(training.maxLength, base.model.longestSequence(with: adapter))
    let examples = try data.train.encoded(base.tokenizer, maxLength: maxLength)
    let evaluationSet = try data.evaluationSet.encoded(base.tokenizer, maxLength: maxLength)
    Processor.releaseMemory()  // what finding and encoding the examples took
    let header = header(base, adapter, data, examples.lengths, workers)
    begin(header)

    let trainer = Trainer(
      model: base.model, adapter: adapter, configuration: training, metrics: task.metrics,
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
          // The evaluation that ends an interrupted run takes its time, and may be interrupted too.
          if isStopped() {
            try AdapterFile.write(
              adapter, on: base, task: task, maxLength: maxLength, seed: training.seed, workers: workers,
              to: folder.adapterPath)
          }
        }
        report(event)
      }
    } catch let error as TrainingError {
      if case .startsWithoutNumbers = error { throw error }
      try AdapterFile.write(
        adapter, on: base, task: task, maxLength: maxLength, seed: training.seed, workers: workers,
        to: folder.adapterPath)
      throw error
    }
    let bytes = try AdapterFile.write(
      adapter, on: base, task: task, maxLength: maxLength, seed: training.seed, workers: workers, to: folder.adapterPath
    )
    let others = try data.others.map { split, examples in
      let encoded = try examples.encoded(base.tokenizer, maxLength: maxLength)
      return (split, trainer.evaluator.evaluate(encoded, metrics: task.metrics))
    }
    let summary = summary(header, outcome, others, adapterBytes: bytes, wall: (ContinuousClock.now - started).seconds)
    try folder.write(outcome.final.result.record)
    try profile?.write(to: folder.tracePath)
    try folder.write(summary)
    try log.append(summary)
    return summary
  }

  private func header(
    _ base: PretrainedBase, _ adapter: Adapter, _ data: ExperimentData, _ lengths: LengthStatistics, _ workers: Workers
  ) -> Header {
    return Header(
      base: base.name, folder: base.folder, method: type(of: configuration.method).title,
      wrappedModules: adapter.targets.count, trainableParameters: adapter.parameterCount,
      totalParameters: base.model.adaptable.parameterCount + adapter.addedParameterCount, data: data.source,
      trainExamples: data.train.count, evalExamples: data.evaluationSet.count, evaluation: data.evaluation,
      skipped: data.skipped, classes: ClassCount.count(data.train), notes: data.notes, lengths: lengths,
      workers: workers.count, products: configuration.compute.products,
      baseNotes: base.notes + replacement(of: base), unknownKeys: base.unknownKeys,
      unusedTensors: base.model.unusedTensors, initialized: base.model.initialized)
  }

  private func replacement(of base: PretrainedBase) -> [String] {
    guard let own = base.model.replacedClasses else { return [] }
    return ["the base's classifier is for \(own) classes; a new one for \(base.model.classes) is trained in its place"]
  }

  private func summary(
    _ header: Header, _ outcome: Trainer.Outcome, _ others: [(split: String, result: EvaluationResult)],
    adapterBytes: Int,
    wall: Double
  ) -> RunSummary {
    let (final, best) = (outcome.final.result, outcome.best)
    var metrics = final.metrics
    for (split, result) in others {
      // dev_mismatched: accuracy_mismatched
      let suffix = split.split(separator: "_").dropFirst().map { "_\($0)" }.joined()
      for (name, value) in result.metrics { metrics.updateValue(value, forKey: name + suffix) }
    }
    return RunSummary(
      label: configuration.label, method: type(of: configuration.method).name, task: configuration.task,
      base: configuration.base, seed: configuration.training.seed, trainableParameters: header.trainableParameters,
      totalParameters: header.totalParameters, adapterBytes: adapterBytes, steps: outcome.steps,
      trainSeconds: outcome.seconds, trainSamplesPerSecond: Double(outcome.samples) / max(outcome.seconds, 1e-9),
      evalSeconds: final.seconds, evalSamplesPerSecond: final.samplesPerSecond, wallSeconds: wall,
      peakMemoryBytes: RunEnvironment.peakMemoryBytes, evalLoss: final.loss, mainMetric: final.mainMetric,
      metrics: metrics,
      best: .init(step: best.step, loss: best.result.loss, metrics: best.result.metrics),
      workers: header.workers, precision: header.products.precision.rawValue,
      frozenProducts: header.products.library.rawValue,
      data: .init(
        source: header.data.description, trainExamples: header.trainExamples, evalExamples: header.evalExamples),
      versions: RunEnvironment.versions)
  }
}
