/// An event reported during training.
public enum TrainingEvent: Sendable {
  /// A step was completed.
  case step(StepReport)
  /// A line was added to the log.
  case log(LogLine)
  /// An evaluation was completed.
  case evaluation(EvaluationReport)
}

/// The progress after one step.
public struct StepReport: Sendable {
  /// The step, counted from 1.
  public let step: Int
  /// The total number of steps.
  public let totalSteps: Int
  /// The number of examples processed so far.
  public let samples: Int
  /// The training time so far in seconds, without evaluations.
  public let seconds: Double
}

/// A training line of `metrics.jsonl`.
public struct LogLine: Sendable, Codable, Equatable {
  var event = "train"
  /// The step, counted from 1.
  public let step: Int
  /// The passes over the examples so far.
  public let epoch: Double
  /// The mean loss since the previous line.
  public let loss: Double
  /// The learning rate of this step.
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
public struct EvaluationReport: Sendable, Codable, Equatable {
  /// The number of completed steps.
  public let step: Int
  /// The passes over the examples so far.
  public let epoch: Double
  /// The mean training loss since the previous evaluation.
  public let trainingLoss: Double
  /// The loss and metrics.
  public let result: EvaluationResult
}
