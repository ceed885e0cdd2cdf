package import GraftCore
package import GraftObjectives
public import GraftSupport
package import GraftTransformer

/// The steps of a training run: forward and backward passes on all workers, then gradient clipping and AdamW.
package final class TrainingSteps {
  private let model: SequenceClassifier
  private let adapter: Adapter
  private let objective: any Objective
  private let workers: Workers
  private let processes: any GradientReducer
  private let bindings: ParameterBindings
  private let dropouts: BaseDropouts
  private let configuration: TrainingConfiguration
  private let schedule: LearningRateSchedule
  private var optimizer: AdamW

  /// The result of one training step.
  package struct Result {
    /// The mean loss of the batch before the update.
    package let loss: Double
    /// The global norm of the gradients, before clipping.
    package let gradientNorm: Double
    /// The learning rate of the update.
    package let learningRate: Double
  }

  package init(
    model: SequenceClassifier, adapter: Adapter, objective: any Objective, configuration: TrainingConfiguration,
    totalSteps: Int, workers: Workers, processes: any GradientReducer = SingleProcess()
  ) {
    self.model = model
    self.adapter = adapter
    self.objective = objective
    self.workers = workers
    self.processes = processes
    self.configuration = configuration
    bindings = model.adaptable.bindings(training: adapter)
    dropouts =
      configuration.baseDropout.map { BaseDropouts(all: Float($0)) } ?? model.configuration.dropouts
    schedule = LearningRateSchedule(
      peak: configuration.learningRate, shape: configuration.schedule,
      warmupSteps: Int((configuration.warmupRatio * Double(totalSteps)).rounded(.up)), totalSteps: totalSteps)
    optimizer = AdamW(
      adapter.parameters,
      options: AdamW.Options(
        betas: (configuration.betas[0], configuration.betas[1]), epsilon: configuration.epsilon,
        weightDecay: configuration.weightDecay),
      decays: { $0.shape.count > 1 })
  }

  /// Checks the evaluation loss after a step. If it is NaN or infinite, restores the parameters before that step's update.
  ///
  /// - Throws: ``TrainingError/diverged(step:loss:gradientNorm:learningRate:)`` if the loss is NaN or infinite.
  package func requireFiniteLoss(after step: Int, loss: Double) throws {
    guard !loss.isFinite else { return }
    optimizer.undoStep()
    throw TrainingError.diverged(
      step: step, loss: loss, gradientNorm: .nan, learningRate: schedule.rate(atStep: step - 1))
  }

  /// The state of the optimizer.
  var optimizerState: AdamW.State {
    get { optimizer.state }
    set { optimizer.state = newValue }
  }

  /// Runs step `step`, counted from 1, on one batch, of which each process computes a part.
  ///
  /// - Throws: ``TrainingError`` when the loss or a gradient is NaN or infinite; the parameters are then those of the last
  ///   step with finite loss and gradients. Rethrows the errors of the reducer.
  package func run(_ step: Int, _ batch: PackedBatch, targets: [Target]) throws -> Result {
    let (model, objective, dropouts) = (model, objective, dropouts)
    let weight = 1 / Float(batch.sequenceCount)
    let shares = batch.split(into: processes.processCount)
    let share = processes.rank < shares.count ? shares[processes.rank] : PackedBatch()
    let losses = workers.run(
      share, mode: .training(DropoutKey(seed: configuration.seed, step: step)), bindings: bindings
    ) { pass, part in
      let logits = model.logits(of: objective.rows, in: pass, dropouts: dropouts)
      let partTargets = targets[part.firstSequence..<part.firstSequence + part.sequenceCount]
      let loss = objective.loss(logits, partTargets, weight: weight, in: pass)
      pass.runBackwardPass()
      return loss
    }
    let loss = try processes.sum(losses.reduce(0, +))
    let rate = schedule.rate(atStep: step - 1)
    let gradients = try workers.sumGradients(over: processes)
    guard loss.isFinite, gradients.norm.isFinite else {
      optimizer.undoStep()
      throw step == 1
        ? TrainingError.nonFiniteStart(loss: loss, gradientNorm: gradients.norm)
        : TrainingError.diverged(step: step, loss: loss, gradientNorm: gradients.norm, learningRate: rate)
    }
    optimizer.step(
      gradient: gradients.values, learningRate: rate,
      gradientScale: gradients.scale(limit: configuration.maxGradNorm > 0 ? configuration.maxGradNorm : nil),
      on: workers)
    return Result(loss: loss, gradientNorm: gradients.norm, learningRate: rate)
  }
}

/// An error that ends training.
public enum TrainingError: UserError, Equatable {
  /// The loss or a gradient became NaN or infinite.
  case diverged(step: Int, loss: Double, gradientNorm: Double, learningRate: Double)
  /// The loss or a gradient was NaN or infinite in the first step, before any update.
  case nonFiniteStart(loss: Double, gradientNorm: Double)

  /// One line: the step, the values, and what to do.
  public var description: String {
    switch self {
    case .diverged(let step, let loss, let norm, let rate):
      "training diverged at step \(step) (loss \(shown(loss)), gradient norm \(shown(norm)), learning rate \(rate)); "
        + "lower training.learning_rate or add training.warmup_ratio"
    case .nonFiniteStart(let loss, let norm):
      "nothing was trained: before any update, the loss is \(shown(loss)) and the gradient norm \(shown(norm)); "
        + "check base, init_from and method.alpha for NaN, infinite or very large values"
    }
  }

  /// Returns a number as text. NaN is handled separately, because some machines print it with a minus sign.
  private func shown(_ number: Double) -> String { number.isNaN ? "nan" : "\(number)" }
}
