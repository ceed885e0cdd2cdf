import GraftCore

/// Where a task's examples come from, and how many are taken.
public struct DataConfiguration: Codable, Sendable, Equatable {
  /// A folder with the task's files; otherwise `$GLUE_DIR`, otherwise the bundled sample.
  public var path: String?
  /// How many training examples to take.
  public var trainLimit: Int?
  /// How many examples to evaluate on.
  public var evalLimit: Int?
  /// Whether training examples are shuffled, before they are limited and in every epoch.
  public var shuffle = true

  private enum CodingKeys: String, CodingKey {
    case path, shuffle
    case trainLimit = "train_limit"
    case evalLimit = "eval_limit"
  }

  /// All of the data that is found, shuffled.
  public init() {}

  /// Decodes and validates.
  public init(from decoder: any Decoder) throws {
    var options = try OptionReader(decoder)
    path = try options.optional("path", "folder with the task's files; else $GLUE_DIR, else the bundled sample")
    trainLimit = try options.optional(
      "train_limit", "training examples to take", check: Allowed.whole(1...1_000_000_000))
    evalLimit = try options.optional("eval_limit", "examples to evaluate on", check: Allowed.whole(1...1_000_000_000))
    shuffle = try options.value("shuffle", default: shuffle, "shuffle the training examples, in every epoch anew")
    try options.finish()
  }
}
