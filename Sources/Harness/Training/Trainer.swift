import Foundation
public import GraftCore
public import GraftTransformer

/// The training loop of one adapter: batches, steps, evaluations, and the choice of the checkpoint to keep.
public struct Trainer {
  private let model: SequenceClassifier
  private let adapter: Adapter
  private let configuration: TrainingConfiguration
  private let metrics: [Metric]
  private let shuffles: Bool
  private let workers: Workers

  /// Creates a trainer of `adapter`, which must be attached to `model`.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - adapter: The adapter to train.
  ///   - configuration: The training options.
  ///   - metrics: The metrics of evaluations, the main one first.
  ///   - shuffles: Whether examples are shuffled in every epoch.
  ///   - workers: The workers that share each batch.
  public init(
    model: SequenceClassifier, adapter: Adapter, configuration: TrainingConfiguration, metrics: [Metric],
    shuffles: Bool, workers: Workers
  ) {
    self.model = model
    self.adapter = adapter
    self.configuration = configuration
    self.metrics = metrics
    self.shuffles = shuffles
    self.workers = workers
  }

  /// The evaluator of the adapter during training.
  var evaluator: Evaluator {
    Evaluator(
      model: model, workers: workers, batchSize: configuration.evalBatchSize,
      bindings: model.adaptable.bindings(ofOnly: [adapter]))
  }

  /// The result of training.
  public struct Outcome: Sendable {
    /// The number of completed steps.
    public let steps: Int
    /// The number of steps of a complete run.
    public let totalSteps: Int
    /// The number of examples processed, counting repetitions.
    public let samples: Int
    /// The training time in seconds, without evaluations.
    public let seconds: Double
    /// The evaluation of the checkpoint that is kept.
    public let final: EvaluationReport
    /// The evaluation with the highest main metric; ties are decided by the lower loss.
    public let best: EvaluationReport
  }

  /// Trains the adapter. Afterward its parameters are those of the checkpoint to keep.
  ///
  /// - Parameters:
  ///   - examples: The training examples.
  ///   - evaluationSet: The evaluation set.
  ///   - profile: A profile that measures some steps, or `nil`.
  ///   - isStopped: Called after each step; return `true` to stop.
  ///   - report: Called with each event.
  /// - Returns: The result of training.
  /// - Throws: ``TrainingError`` when a loss or gradient is NaN or infinite; the adapter then has the last parameters for
  ///   which they were finite. Rethrows the errors of `report`.
  public func train(
    on examples: EncodedExamples, evaluatingOn evaluationSet: EncodedExamples, profile: TrainingProfile? = nil,
    isStopped: () -> Bool = { false },
    report: (TrainingEvent) throws -> Void
  ) throws -> Outcome {
    let stepsPerEpoch = (examples.count + configuration.batchSize - 1) / configuration.batchSize
    let totalSteps = configuration.maxSteps ?? Int((configuration.epochs * Double(stepsPerEpoch)).rounded(.up))
    let steps = TrainingSteps(
      model: model, adapter: adapter, configuration: configuration, totalSteps: totalSteps, workers: workers)
    let evaluator = evaluator
    let order = ExampleOrder(seed: configuration.seed, shuffles: shuffles)

    var samples = 0
    var seconds = 0.0
    var lossSinceLog = MeanLoss()
    var lossSinceEvaluation = MeanLoss()
    var best: (report: EvaluationReport, state: ParameterSnapshot)?
    var last: EvaluationReport?
    var epochOrder: [Int] = []
    var step = 0
    var isLast = false
    while !isLast {
      step += 1
      let start = ContinuousClock.now
      let (epoch, position) = (step - 1).quotientAndRemainder(dividingBy: stepsPerEpoch)
      if position == 0 { epochOrder = order.epoch(epoch, of: examples.count) }
      let first = position * configuration.batchSize
      let indices = examples.balanced(epochOrder[first..<min(first + configuration.batchSize, examples.count)])
      let batch = examples.batch(indices)
      let targets = indices.map { examples.targets[$0] }
      let result =
        try profile?.measure(step, on: workers) { try steps.run(step, batch, targets: targets) }
        ?? steps.run(step, batch, targets: targets)
      seconds += (ContinuousClock.now - start).seconds
      samples += indices.count
      lossSinceLog.add(result.loss)
      lossSinceEvaluation.add(result.loss)

      isLast = step == totalSteps || isStopped()

      let passes = Double(step) / Double(stepsPerEpoch)
      try report(.step(StepReport(step: step, totalSteps: totalSteps, samples: samples, seconds: seconds)))
      if step % configuration.logEvery == 0 || isLast {
        try report(
          .log(
            LogLine(
              step: step, epoch: passes, loss: lossSinceLog.reset(), learningRate: result.learningRate,
              gradientNorm: result.gradientNorm)))
      }
      if isLast || configuration.evalEvery > 0 && step % configuration.evalEvery == 0 {
        let evaluation = EvaluationReport(
          step: step, epoch: passes, trainingLoss: lossSinceEvaluation.reset(),
          result: evaluator.evaluate(evaluationSet, metrics: metrics))
        try steps.requireFiniteLoss(after: step, loss: evaluation.result.loss)
        try report(.evaluation(evaluation))
        last = evaluation
        // If the user stopped the run during the evaluation, this evaluation is the final one.
        isLast = isLast || isStopped()
        if best.map({ evaluation.result.isBetter(than: $0.report.result) }) ?? true {
          best = (evaluation, ParameterSnapshot(adapter.parameters))
        }
      }
    }
    guard let best, let last else { preconditionFailure("training has at least one step and one evaluation") }
    if configuration.keep == .best { best.state.restore() }
    return Outcome(
      steps: step, totalSteps: totalSteps, samples: samples, seconds: seconds,
      final: configuration.keep == .best ? best.report : last, best: best.report)
  }
}

extension EvaluationResult {
  fileprivate func isBetter(than other: EvaluationResult) -> Bool {
    main != other.main ? main ?? -.infinity > other.main ?? -.infinity : loss < other.loss
  }
}

/// The mean of the losses since the last reset.
private struct MeanLoss {
  private var sum = 0.0
  private var count = 0

  mutating func add(_ loss: Double) {
    sum += loss
    count += 1
  }

  /// Returns the mean and resets it; 0 if no loss was added.
  mutating func reset() -> Double {
    defer {
      sum = 0
      count = 0
    }
    return count == 0 ? 0 : sum / Double(count)
  }
}
