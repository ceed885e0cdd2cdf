import GraftAdapterFiles
public import GraftCore
import GraftInference

/// The training options. This is the only place that defines their defaults.
public struct TrainingConfiguration: Codable, Sendable, Equatable {
  /// Passes over the training examples.
  public var epochs = 3.0
  /// The number of steps, instead of epochs.
  public var maxSteps: Int?
  /// Sequences per training step.
  public var batchSize = 16
  /// Sequences per evaluation batch.
  public var evalBatchSize = Predictor.defaultBatchSize
  /// The peak learning rate.
  public var learningRate = 2e-4
  /// AdamW's decoupled weight decay: the fraction of a matrix that a step at learning rate 1 removes. Biases and norms do
  /// not decay.
  public var weightDecay = 0.0
  /// AdamW's decay rates of the first and second moments.
  public var betas = [0.9, 0.999]
  /// The constant that AdamW adds to the square root of the second moment.
  public var epsilon = 1e-8
  /// The learning rate schedule after the warm-up.
  public var schedule = LearningRateSchedule.Shape.linear
  /// The fraction of the steps used for warm-up.
  public var warmupRatio = 0.0
  /// The global norm that gradients are clipped to; 0 disables clipping.
  public var maxGradNorm = 1.0
  /// Steps between evaluations; 0 evaluates only at the end.
  public var evalEvery = 0
  /// Steps between lines in `metrics.jsonl`.
  public var logEvery = 50
  /// The seed of all random numbers.
  public var seed: UInt64 = 42
  /// The base model's dropout probability everywhere, replacing the values in its configuration.
  public var baseDropout: Double?
  /// The maximum sequence length in tokens; longer sequences are truncated.
  public var maxLength = AdapterMetadata.defaultMaxLength
  /// The number of workers that share a batch.
  public var workers = WorkerCount.auto
  /// The checkpoint to save.
  public var keep = Keep.last

  /// The checkpoint of a training run that is saved.
  public enum Keep: String, Codable, Sendable, CaseIterable {
    /// The last one.
    case last
    /// The one with the best evaluation.
    case best
  }

  private static let maximumBatch = 65_536
  private static let maximumSteps = 1_000_000_000

  private enum CodingKeys: String, CodingKey {
    case epochs, betas, epsilon, schedule, seed, workers, keep
    case maxSteps = "max_steps"
    case batchSize = "batch_size"
    case evalBatchSize = "eval_batch_size"
    case learningRate = "learning_rate"
    case weightDecay = "weight_decay"
    case warmupRatio = "warmup_ratio"
    case maxGradNorm = "max_grad_norm"
    case evalEvery = "eval_every"
    case logEvery = "log_every"
    case baseDropout = "base_dropout"
    case maxLength = "max_length"
  }

  /// The defaults.
  public init() {}

  /// Decodes and validates.
  public init(from decoder: any Decoder) throws {
    var options = try OptionReader(decoder)
    epochs = try options.value("epochs", default: epochs, "passes over the training examples") {
      $0 > 0 && $0 <= 1_000_000 ? nil : "a number above 0, at most 1000000"
    }
    maxSteps = try options.optional(
      "max_steps", "steps, instead of epochs", check: Allowed.whole(1...Self.maximumSteps))
    batchSize = try options.value(
      "batch_size", default: batchSize, "sequences per training step", check: Allowed.whole(1...Self.maximumBatch))
    evalBatchSize = try options.value(
      "eval_batch_size", default: evalBatchSize, "sequences per evaluation batch",
      check: Allowed.whole(1...Self.maximumBatch))
    learningRate = try options.value(
      "learning_rate", default: learningRate, "peak learning rate", check: Allowed.positive)
    weightDecay = try options.value(
      "weight_decay", default: weightDecay, "decoupled weight decay of matrices (not of biases and norms)",
      check: Allowed.notNegative)
    betas = try options.value("betas", default: betas, "AdamW's decay rates") {
      $0.count == 2 && $0.allSatisfy { $0 >= 0 && Float($0) < 1 } ? nil : "two numbers from 0 to below 1"
    }
    epsilon = try options.value("epsilon", default: epsilon, "AdamW's epsilon", check: Allowed.positive)
    schedule = try options.choice("schedule", default: schedule, "learning rate schedule after the warm-up")
    warmupRatio = try options.value(
      "warmup_ratio", default: warmupRatio, "fraction of the steps used for warm-up", check: Allowed.share)
    maxGradNorm = try options.value(
      "max_grad_norm", default: maxGradNorm, "global norm that gradients are clipped to; 0 disables clipping",
      check: Allowed.notNegative)
    evalEvery = try options.value(
      "eval_every", default: evalEvery, "steps between evaluations; 0 evaluates only at the end",
      check: Allowed.whole(0...Self.maximumSteps))
    logEvery = try options.value(
      "log_every", default: logEvery, "steps between lines of the log",
      check: Allowed.whole(1...Self.maximumSteps))
    seed = try options.value("seed", default: seed, "seed of all random numbers")
    baseDropout = try options.optional(
      "base_dropout", "the base model's dropout, replacing the values in its config.json", check: Allowed.dropout)
    maxLength = try options.value(
      "max_length", default: maxLength, "maximum sequence length in tokens", check: Allowed.whole(3...65536))
    workers = try options.value("workers", default: workers, "workers that share a batch: auto or a number")
    keep = try options.choice("keep", default: keep, "checkpoint to save")
    try options.finish()
  }
}

/// A number of workers, or `auto`.
public enum WorkerCount: Codable, Sendable, Equatable, CustomStringConvertible {
  /// One worker per core.
  case auto
  /// A fixed number.
  case fixed(Int)

  /// The number of workers on this machine.
  public var resolved: Int {
    switch self {
    case .auto: Workers.automaticCount
    case .fixed(let count): count
    }
  }

  /// The value as written in a configuration.
  public var description: String {
    switch self {
    case .auto: "auto"
    case .fixed(let count): "\(count)"
    }
  }

  /// Decodes `auto` or a number from 1 to 256.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let count = try? container.decode(Int.self), (1...256).contains(count) {
      self = .fixed(count)
    } else if (try? container.decode(String.self)) == "auto" {
      self = .auto
    } else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "expected auto or a whole number from 1 to 256, got "
          + ((try? container.decode(String.self)).map { "'\($0)'" } ?? "something else"))
    }
  }

  /// Encodes `auto` or the number.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .auto: try container.encode("auto")
    case .fixed(let count): try container.encode(count)
    }
  }
}
