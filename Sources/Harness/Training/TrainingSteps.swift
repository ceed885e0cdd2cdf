package import GraftCore
public import GraftSupport
package import GraftTransformer

/// The steps of one training: forwards and backwards on all workers, then clipping and AdamW.
package final class TrainingSteps {
  private let model: SequenceClassifier
  private let adapter: Adapter
  private let workers: Workers
  private let bindings: ParameterBindings
  private let dropouts: BaseDropouts
  private let configuration: TrainingConfiguration
  private let schedule: LearningRateSchedule
  private var optimizer: AdamW

  /// What a step found.
  package struct Result {
    /// The mean loss of the batch, before the update.
    package let loss: Double
    /// The global norm of the gradients, before clipping.
    package let gradientNorm: Double
    /// The rate of the update.
    package let learningRate: Double
  }

  package init(
    model: SequenceClassifier, adapter: Adapter, configuration: TrainingConfiguration, totalSteps: Int,
    workers: Workers
  ) {
    self.model = model
    self.adapter = adapter
    self.workers = workers
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

  /// Goes back to the last parameters that gave numbers, when those after step `step` do not.
  ///
  /// - Throws: ``TrainingError/diverged(step:loss:gradientNorm:learningRate:)`` in that case.
  package func requireNumbers(after step: Int, loss: Double) throws {
    guard !loss.isFinite else { return }
    optimizer.undoStep()
    throw TrainingError.diverged(
      step: step, loss: loss, gradientNorm: .nan, learningRate: schedule.rate(atStep: step - 1))
  }

  /// Step `step`, from 1, on one batch.
  ///
  /// - Throws: ``TrainingError``; the parameters are those of the last step whose loss and gradients were numbers.
  package func run(_ step: Int, _ batch: PackedBatch, targets: [Target]) throws -> Result {
    let (model, dropouts) = (model, dropouts)
    let weight = 1 / Float(batch.sequenceCount)
    let losses = workers.run(
      batch, mode: .training(DropoutKey(seed: configuration.seed, step: step)), bindings: bindings
    ) { pass, part in
      let logits = model.logits(in: pass, dropouts: dropouts)
      let own = targets[part.firstSequence..<part.firstSequence + part.sequenceCount]
      let loss =
        if case .value? = own.first {
          pass.squaredError(logits, targets: own.map(\.value), weight: weight)
        } else {
          pass.crossEntropy(logits, labels: own.map(\.label), weight: weight)
        }
      pass.runBackwardPass()
      return loss
    }
    let loss = losses.reduce(0, +)
    let rate = schedule.rate(atStep: step - 1)
    let gradients = workers.sumGradients()
    guard loss.isFinite, gradients.norm.isFinite else {
      optimizer.undoStep()
      throw step == 1
        ? TrainingError.startsWithoutNumbers(loss: loss, gradientNorm: gradients.norm)
        : TrainingError.diverged(step: step, loss: loss, gradientNorm: gradients.norm, learningRate: rate)
    }
    optimizer.step(
      gradient: gradients.values, learningRate: rate,
      gradientScale: gradients.scale(limit: configuration.maxGradNorm > 0 ? configuration.maxGradNorm : nil),
      on: workers)
    return Result(loss: loss, gradientNorm: gradients.norm, learningRate: rate)
  }
}

/// A copy of some parameters' values, to go back to.
struct ParameterSnapshot {
  private let parameters: [Parameter]
  private let values: [[Float]]

  init(_ parameters: [Parameter]) {
    self.parameters = parameters
    values = parameters.map { Array($0.values) }
  }

  /// Gives the parameters the values that were taken.
  func restore() {
    for (parameter, values) in zip(parameters, values) { _ = parameter.values.update(from: values) }
  }
}

/// Why a training stopped.
public enum TrainingError: UserError, Equatable {
  /// The loss or a gradient is no number any more.
  case diverged(step: Int, loss: Double, gradientNorm: Double, learningRate: Double)
  /// There never was a number: no update has been made.
  case startsWithoutNumbers(loss: Double, gradientNorm: Double)

  /// One line: where, what, what to do.
  public var description: String {
    switch self {
    case .diverged(let step, let loss, let norm, let rate):
      "training diverged at step \(step) (loss \(shown(loss)), gradient norm \(shown(norm)), learning rate \(rate)); "
        + "lower training.learning_rate or add training.warmup_ratio"
    case .startsWithoutNumbers(let loss, let norm):
      "the first loss is \(shown(loss)), its gradient norm \(shown(norm)), before any update: base, init_from or alpha hold values that "
        + "are too large or no numbers; nothing was trained"
    }
  }

  /// Some machines print a minus in front of nan.
  private func shown(_ number: Double) -> String { number.isNaN ? "nan" : "\(number)" }
}
