import Foundation
public import GraftCore
public import GraftObjectives
public import GraftTransformer

/// The training loop of one adapter: batches, steps, evaluations, and the choice of the checkpoint to keep.
public struct Trainer {
  private let model: SequenceClassifier
  private let adapter: Adapter
  private let configuration: TrainingConfiguration
  private let objective: any Objective
  private let shuffles: Bool
  private let workers: Workers
  private let processes: any GradientReducer

  /// Creates a trainer of `adapter`, which must be attached to `model`.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - adapter: The adapter to train.
  ///   - configuration: The training options.
  ///   - objective: What is learned.
  ///   - shuffles: Whether examples are shuffled in every epoch.
  ///   - workers: The workers that share each batch.
  ///   - processes: The processes that share each batch.
  public init(
    model: SequenceClassifier, adapter: Adapter, configuration: TrainingConfiguration, objective: any Objective,
    shuffles: Bool, workers: Workers, processes: any GradientReducer = SingleProcess()
  ) {
    self.model = model
    self.adapter = adapter
    self.configuration = configuration
    self.objective = objective
    self.shuffles = shuffles
    self.workers = workers
    self.processes = processes
  }

  /// The evaluator of the adapter during training.
  var evaluator: Evaluator {
    Evaluator(
      model: model, objective: objective, workers: workers, batchSize: configuration.evalBatchSize,
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
    try train(
      from: nil, on: examples, evaluatingOn: evaluationSet, profile: profile, isStopped: isStopped, saving: nil,
      report: report)
  }

  /// When, and how, training saves its state.
  package struct Saving {
    /// The number of steps from one state to the next.
    package let interval: Int
    /// Saves a state.
    package let save: (TrainingState) throws -> Void

    package init(interval: Int, save: @escaping (TrainingState) throws -> Void) {
      self.interval = interval
      self.save = save
    }
  }

  /// Trains the adapter from a saved state.
  ///
  /// - Parameters:
  ///   - state: The state saved by an earlier call with the same configuration, examples, and numbers of workers and processes; `nil`
  ///     begins with the first step.
  ///   - examples: The training examples.
  ///   - evaluationSet: The evaluation set.
  ///   - profile: A profile that measures some steps, or `nil`.
  ///   - isStopped: Called after each step; return `true` to stop. It must return the same in all processes.
  ///   - saving: Saves states, or `nil`.
  ///   - report: Called with each event.
  package func train(
    from state: TrainingState?, on examples: EncodedExamples, evaluatingOn evaluationSet: EncodedExamples,
    profile: TrainingProfile? = nil, isStopped: () -> Bool = { false }, saving: Saving?,
    report: (TrainingEvent) throws -> Void
  ) throws -> Outcome {
    var state = state ?? TrainingState()
    let stepsPerEpoch = (examples.count + configuration.batchSize - 1) / configuration.batchSize
    let totalSteps = configuration.maxSteps ?? Int((configuration.epochs * Double(stepsPerEpoch)).rounded(.up))
    let steps = TrainingSteps(
      model: model, adapter: adapter, objective: objective, configuration: configuration, totalSteps: totalSteps,
      workers: workers, processes: processes)
    if let optimizer = state.optimizer {
      steps.optimizerState = optimizer
      adapter.setParameters(state.parameters)
    }
    let evaluator = evaluator
    var batches = BatchOrder(
      order: ExampleOrder(seed: configuration.seed, shuffles: shuffles), examples: examples,
      batchSize: configuration.batchSize)
    var last: EvaluationReport?
    var isLast = state.step >= totalSteps
    while !isLast {
      state.step += 1
      let step = state.step
      let start = ContinuousClock.now
      let indices = batches.indices(ofStep: step)
      let batch = examples.batch(indices)
      let targets = indices.map { examples.targets[$0] }
      let result =
        try profile?.measure(step, on: workers) { try steps.run(step, batch, targets: targets) }
        ?? steps.run(step, batch, targets: targets)
      state.seconds += (ContinuousClock.now - start).seconds
      state.samples += indices.count
      state.lossSinceLog.add(result.loss)
      state.lossSinceEvaluation.add(result.loss)

      isLast = step == totalSteps || isStopped()

      let passes = Double(step) / Double(stepsPerEpoch)
      try report(
        .step(StepReport(step: step, totalSteps: totalSteps, samples: state.samples, seconds: state.seconds)))
      let isLogged = step % configuration.logEvery == 0
      if isLogged || isLast {
        // The last line of an interrupted run is not part of the state from which it continues.
        var losses = state.lossSinceLog
        let loss = losses.reset()
        if isLogged { state.lossSinceLog = losses }
        try report(
          .log(
            LogLine(
              step: step, epoch: passes, loss: loss, learningRate: result.learningRate,
              gradientNorm: result.gradientNorm)))
      }
      if step == totalSteps || configuration.evalEvery > 0 && step % configuration.evalEvery == 0 {
        last = try evaluate(evaluationSet, with: evaluator, &state, after: steps, passes: passes, report)
        // If the user stopped the run during the evaluation, this evaluation is the final one.
        isLast = isLast || isStopped()
      }
      if let saving, step % saving.interval == 0 {
        state.parameters = adapter.parameterValues
        state.optimizer = steps.optimizerState
        try saving.save(state)
      }
    }
    if last == nil || last?.step != state.step {
      let passes = Double(state.step) / Double(stepsPerEpoch)
      last = try evaluate(evaluationSet, with: evaluator, &state, after: steps, passes: passes, report)
    }
    guard let best = state.best, let last else {
      preconditionFailure("training has at least one step and one evaluation")
    }
    if configuration.keep == .best { adapter.setParameters(best.parameters) }
    return Outcome(
      steps: state.step, totalSteps: totalSteps, samples: state.samples, seconds: state.seconds,
      final: configuration.keep == .best ? best.report : last, best: best.report)
  }

  /// Evaluates the adapter, and keeps it if it is the best so far.
  private func evaluate(
    _ evaluationSet: EncodedExamples, with evaluator: Evaluator, _ state: inout TrainingState,
    after steps: TrainingSteps, passes: Double, _ report: (TrainingEvent) throws -> Void
  ) throws -> EvaluationReport {
    let evaluation = EvaluationReport(
      step: state.step, epoch: passes, trainingLoss: state.lossSinceEvaluation.reset(),
      result: evaluator.evaluate(evaluationSet))
    try steps.requireFiniteLoss(after: state.step, loss: evaluation.result.loss)
    try report(.evaluation(evaluation))
    if state.best.map({ evaluation.result.isBetter(than: $0.report.result) }) ?? true {
      state.best = TrainingState.Checkpoint(report: evaluation, parameters: adapter.parameterValues)
    }
    return evaluation
  }
}

extension EvaluationResult {
  fileprivate func isBetter(than other: EvaluationResult) -> Bool {
    main != other.main ? main ?? -.infinity > other.main ?? -.infinity : loss < other.loss
  }
}
