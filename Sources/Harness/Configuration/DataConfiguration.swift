import GraftCore

/// Where a task's examples come from, and how many are taken.
public struct DataConfiguration: Codable, Sendable, Equatable {
  /// A file, or a folder with the task's files; otherwise `$GLUE_DIR`, otherwise the bundled sample.
  public var path: String?
  /// The column with the text, for data of one's own.
  public var text: String?
  /// The column with the second text of a pair.
  public var textPair: String?
  /// The column with the label.
  public var label: String?
  /// Whether the label is a number to learn, not a class, for data of one's own.
  public var regression = false
  /// The share of the training examples to evaluate on, where there is no dev file.
  public var heldOut = 0.1
  /// How many training examples to take.
  public var trainLimit: Int?
  /// How many examples to evaluate on.
  public var evalLimit: Int?
  /// Whether training examples are shuffled, before they are limited and in every epoch.
  public var shuffle = true

  private enum CodingKeys: String, CodingKey {
    case path, text, label, regression, shuffle
    case textPair = "text_pair"
    case heldOut = "held_out"
    case trainLimit = "train_limit"
    case evalLimit = "eval_limit"
  }

  /// All of the data that is found, shuffled.
  public init() {}

  /// Decodes and validates.
  public init(from decoder: any Decoder) throws {
    var options = try OptionReader(decoder)
    path = try options.optional("path", "file, or folder with train and dev files; else $GLUE_DIR, else the sample")
    text = try options.optional("text", shownAs: "text", "column with the text, for task: custom")
    textPair = try options.optional("text_pair", "column with the second text of a pair, for task: custom")
    label = try options.optional("label", shownAs: "label", "column with the label, for task: custom")
    regression = try options.value(
      "regression", default: regression, "the label is a number to learn, not a class, for task: custom")
    heldOut = try options.value("held_out", default: heldOut, "share to evaluate on, where there is no dev file") {
      $0 > 0 && $0 < 1 ? nil : "a share above 0 and below 1"
    }
    trainLimit = try options.optional(
      "train_limit", "training examples to take", check: Allowed.whole(1...1_000_000_000))
    evalLimit = try options.optional("eval_limit", "examples to evaluate on", check: Allowed.whole(1...1_000_000_000))
    shuffle = try options.value("shuffle", default: shuffle, "shuffle the training examples, in every epoch anew")
    try options.finish()
  }
}
