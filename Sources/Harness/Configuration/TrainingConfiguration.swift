public import GraftCore

/// How to train. Every default stands here and nowhere else.
public struct TrainingConfiguration: Codable, Sendable, Equatable {
  /// How often the training examples are seen.
  public var epochs = 3.0
  /// Steps, in place of epochs.
  public var maxSteps: Int?
  /// Sequences in a step.
  public var batchSize = 16
  /// Sequences in an evaluation's batch.
  public var evalBatchSize = 32
  /// The highest learning rate.
  public var learningRate = 2e-4
  /// The share of a matrix that a step at rate 1 takes away; biases and norms keep theirs.
  public var weightDecay = 0.0
  /// AdamW's decay rates.
  public var betas = [0.9, 0.999]
  /// What AdamW adds to the root of the second moment.
  public var epsilon = 1e-8
  /// How the rate runs after the warm-up.
  public var schedule = LearningRateSchedule.Shape.linear
  /// The share of the steps that warm up.
  public var warmupRatio = 0.0
  /// The norm that gradients are clipped to; 0: not at all.
  public var maxGradNorm = 1.0
  /// Steps between evaluations; 0: at the end only.
  public var evalEvery = 0
  /// Steps between lines in `metrics.jsonl`.
  public var logEvery = 50
  /// Where every random draw comes from.
  public var seed: UInt64 = 42
  /// The base's dropout everywhere, in place of its configuration's.
  public var baseDropout: Double?
  /// Tokens of the longest sequence; longer ones are truncated.
  public var maxLength = 256
  /// Workers that share a batch.
  public var workers = WorkerCount.auto
  /// Which state is saved.
  public var keep = Keep.last

  /// Which state of a training is saved.
  public enum Keep: String, Codable, Sendable, CaseIterable {
    /// The last.
    case last
    /// The one with the best evaluation.
    case best
  }

  private static let largestBatch = 65_536
  private static let manySteps = 1_000_000_000

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
    maxSteps = try options.optional("max_steps", "steps, in place of epochs", check: Allowed.whole(1...Self.manySteps))
    batchSize = try options.value(
      "batch_size", default: batchSize, "sequences in a step", check: Allowed.whole(1...Self.largestBatch))
    evalBatchSize = try options.value(
      "eval_batch_size", default: evalBatchSize, "sequences in an evaluation's batch",
      check: Allowed.whole(1...Self.largestBatch))
    learningRate = try options.value(
      "learning_rate", default: learningRate, "highest learning rate", check: Allowed.positive)
    weightDecay = try options.value(
      "weight_decay", default: weightDecay, "decoupled decay of matrices (not of biases and norms)",
      check: Allowed.notNegative)
    betas = try options.value("betas", default: betas, "AdamW's decay rates") {
      $0.count == 2 && $0.allSatisfy { $0 >= 0 && Float($0) < 1 } ? nil : "two numbers from 0 to below 1"
    }
    epsilon = try options.value("epsilon", default: epsilon, "AdamW's epsilon", check: Allowed.positive)
    schedule = try options.choice("schedule", default: schedule, "learning rate after the warm-up")
    warmupRatio = try options.value(
      "warmup_ratio", default: warmupRatio, "share of the steps that warm up", check: Allowed.share)
    maxGradNorm = try options.value(
      "max_grad_norm", default: maxGradNorm, "global norm that gradients are clipped to; 0: not at all",
      check: Allowed.notNegative)
    evalEvery = try options.value(
      "eval_every", default: evalEvery, "steps between evaluations; 0: at the end only",
      check: Allowed.whole(0...Self.manySteps))
    logEvery = try options.value(
      "log_every", default: logEvery, "steps between lines of the log",
      check: Allowed.whole(1...Self.manySteps))
    seed = try options.value("seed", default: seed, "where every random draw comes from")
    baseDropout = try options.optional(
      "base_dropout", "the base's dropout, in place of its config.json's", check: Allowed.dropout)
    maxLength = try options.value(
      "max_length", default: maxLength, "tokens of the longest sequence", check: Allowed.whole(3...65536))
    workers = try options.value("workers", default: workers, "workers that share a batch: auto or a number")
    keep = try options.choice("keep", default: keep, "which state is saved")
    try options.finish()
  }
}

/// `auto`, or a number of workers.
public enum WorkerCount: Codable, Sendable, Equatable, CustomStringConvertible {
  /// One for each core.
  case auto
  /// So many.
  case fixed(Int)

  /// How many that is on this machine.
  public var resolved: Int {
    switch self {
    case .auto: Workers.automaticCount
    case .fixed(let count): count
    }
  }

  /// As it is written in a configuration.
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

  /// Encodes the word or the number.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .auto: try container.encode("auto")
    case .fixed(let count): try container.encode(count)
    }
  }
}
