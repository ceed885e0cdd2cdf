import GraftCore

/// The source of a task's examples, and how many are used.
public struct DataConfiguration: Codable, Sendable, Equatable {
  /// A file, or a folder with the task's files. By default the task's folder in `$GLUE_DIR`, then in the cache, then the
  /// bundled sample.
  public var path: String?
  /// The column with the text, for the task `custom`.
  public var text: String?
  /// The column with the second text of a pair.
  public var textPair: String?
  /// The column with the label.
  public var label: String?
  /// Whether the label is a number to predict instead of a class, for the task `custom`.
  public var regression = false
  /// The fraction of the training examples that is held out for evaluation when there is no dev file.
  public var heldOut = 0.1
  /// The maximum number of training examples.
  public var trainLimit: Int?
  /// The maximum number of evaluation examples.
  public var evalLimit: Int?
  /// Whether training examples are shuffled: once before the limit is applied, and again in every epoch.
  public var shuffle = true

  private enum CodingKeys: String, CodingKey {
    case path, text, label, regression, shuffle
    case textPair = "text_pair"
    case heldOut = "held_out"
    case trainLimit = "train_limit"
    case evalLimit = "eval_limit"
  }

  /// The defaults: all examples of the default source, shuffled.
  public init() {}

  /// Decodes and validates.
  public init(from decoder: any Decoder) throws {
    var options = try OptionReader(decoder)
    path = try options.optional(
      "path", "file, or folder with train and dev files; default: $GLUE_DIR, then the cache, then the sample")
    text = try options.optional("text", shownAs: "text", "column with the text, for task: custom")
    textPair = try options.optional("text_pair", "column with the second text of a pair, for task: custom")
    label = try options.optional("label", shownAs: "label", "column with the label, for task: custom")
    regression = try options.value(
      "regression", default: regression, "the label is a number to predict, not a class, for task: custom")
    heldOut = try options.value(
      "held_out", default: heldOut, "fraction to hold out for evaluation when there is no dev file"
    ) {
      $0 > 0 && $0 < 1 ? nil : "a fraction above 0 and below 1"
    }
    trainLimit = try options.optional(
      "train_limit", "maximum number of training examples", check: Allowed.whole(1...1_000_000_000))
    evalLimit = try options.optional(
      "eval_limit", "maximum number of evaluation examples", check: Allowed.whole(1...1_000_000_000))
    shuffle = try options.value("shuffle", default: shuffle, "shuffle the training examples in every epoch")
    try options.finish()
  }
}
