import Foundation
public import GraftCore
public import GraftTransformer

/// Trains one adapter on a model: batches, steps, evaluations, and which state is kept.
public struct Trainer {
  private let model: SequenceClassifier
  private let adapter: Adapter
  private let configuration: TrainingConfiguration
  private let metrics: [Metric]
  private let shuffles: Bool
  private let workers: Workers

  /// A trainer of `adapter`, which sits on `model`.
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

  /// What evaluates the adapter while it trains.
  var evaluator: Evaluator {
    Evaluator(model: model, workers: workers, batchSize: configuration.evalBatchSize,
      bindings: model.adaptable.bindings(ofOnly: [adapter]))
  }

  /// What a training came to.
  public struct Outcome: Sendable {
    /// Steps done.
    public let steps: Int
    /// Examples seen, each as often as it was.
    public let samples: Int
    /// Seconds from the first batch to the last update, without evaluations.
    public let seconds: Double
    /// The evaluation of the state that is kept.
    public let final: EvaluationReport
    /// The evaluation with the highest main metric, the lowest loss among equals.
    public let best: EvaluationReport
  }

  /// Trains; the adapter's parameters hold the state to keep afterwards.
  ///
  /// - Parameters:
  ///   - examples: What to learn from.
  ///   - evaluationSet: What to evaluate on.
  ///   - profile: Measures some steps, or `nil`.
  ///   - report: Called with everything that happens.
  ///   - isStopped: Asked after every step; when it says yes, this step is the last one.
  /// - Throws: ``TrainingError`` when a loss or gradient is no number: the adapter holds the last state without such then.
  ///   Or what `report` throws.
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

    var (samples, seconds) = (0, 0.0)
    var (sinceLog, sinceEvaluation) = (MeanLoss(), MeanLoss())
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
      sinceLog.add(result.loss)
      sinceEvaluation.add(result.loss)

      isLast = step == totalSteps || isStopped()

      let passes = Double(step) / Double(stepsPerEpoch)
      try report(.step(StepReport(step: step, totalSteps: totalSteps, samples: samples, seconds: seconds)))
      if step % configuration.logEvery == 0 || isLast {
        try report(
          .log(
            LogLine(
              step: step, epoch: passes, loss: sinceLog.take(), learningRate: result.learningRate,
              gradientNorm: result.gradientNorm)))
      }
      if isLast || configuration.evalEvery > 0 && step % configuration.evalEvery == 0 {
        let evaluation = EvaluationReport(
          step: step, epoch: passes, trainingLoss: sinceEvaluation.take(),
          result: evaluator.evaluate(evaluationSet, metrics: metrics))
        try steps.requireNumbers(after: step, loss: evaluation.result.loss)
        try report(.evaluation(evaluation))
        last = evaluation
        // Asked to stop during the evaluation: it is as good as any to end with.
        isLast = isLast || isStopped()
        if best.map({ evaluation.result.isBetter(than: $0.report.result) }) ?? true {
          best = (evaluation, ParameterSnapshot(adapter.parameters))
        }
      }
    }
    guard let best, let last else { preconditionFailure("a training has at least one step and one evaluation") }
    if configuration.keep == .best { best.state.restore() }
    return Outcome(
      steps: step, samples: samples, seconds: seconds,
      final: configuration.keep == .best ? best.report : last, best: best.report)
  }
}

extension EvaluationResult {
  fileprivate func isBetter(than other: EvaluationResult) -> Bool {
    main != other.main ? main ?? -.infinity > other.main ?? -.infinity : loss < other.loss
  }
}

/// The mean of the losses since it was last taken.
private struct MeanLoss {
  private var sum = 0.0
  private var count = 0

  mutating func add(_ loss: Double) { (sum, count) = (sum + loss, count + 1) }

  mutating func take() -> Double {
    defer { (sum, count) = (0, 0) }
    return count == 0 ? 0 : sum / Double(count)
  }
}
