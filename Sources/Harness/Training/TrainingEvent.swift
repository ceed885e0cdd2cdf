/// What a training tells while it runs.
public enum TrainingEvent: Sendable {
  /// A step was done.
  case step(StepReport)
  /// The mean loss since the last line of the log.
  case log(LogLine)
  /// An evaluation was done.
  case evaluation(EvaluationReport)
}

/// One step.
public struct StepReport: Sendable {
  /// The step, from 1.
  public let step: Int
  /// All steps.
  public let totalSteps: Int
  /// Examples seen so far.
  public let samples: Int
  /// Seconds of training so far, without evaluations.
  public let seconds: Double
}

/// One line of `metrics.jsonl` about training.
public struct LogLine: Sendable, Codable, Equatable {
  var event = "train"
  /// The step, from 1.
  public let step: Int
  /// Passes over the examples so far.
  public let epoch: Double
  /// The mean loss since the last line.
  public let loss: Double
  /// The rate of this step.
  public let learningRate: Double
  /// The global norm of this step's gradients, before clipping.
  public let gradientNorm: Double

  private enum CodingKeys: String, CodingKey {
    case event, step, epoch, loss
    case learningRate = "learning_rate"
    case gradientNorm = "grad_norm"
  }
}

/// One evaluation during training.
public struct EvaluationReport: Sendable {
  /// The step it was made after.
  public let step: Int
  /// Passes over the examples so far.
  public let epoch: Double
  /// The mean training loss since the last evaluation.
  public let trainingLoss: Double
  /// What it found.
  public let result: EvaluationResult
}
