public import GraftCore

/// The options of prefix tuning.
public struct PrefixConfiguration: Codable, Sendable, Equatable {
  /// P, the number of keys and values before those of each attention layer.
  public var length = 20
  /// The hidden width of the projections that compute keys and values from an embedding during training; `nil` trains them
  /// directly.
  public var projection: Int?
  /// The standard deviation of the normal distribution for the initial values.
  public var deviation = 1.0
  /// A text whose tokens' keys and values are the initial values; `nil` means a normal distribution.
  public var initText: String?
  /// The dropout probability for elements of the prefix, in training.
  public var dropout = 0.0
  /// Whether the tokens' positions start at P, as in peft on BERT.
  public var positionShift = false
  /// The attention layers that get a prefix.
  public var targets = TargetModules.roles(.attention)

  private enum CodingKeys: String, CodingKey {
    case length, projection, deviation, dropout, targets
    case initText = "init_text"
    case positionShift = "position_shift"
  }

  /// Creates the default options: 20 keys and values in every attention layer, trained directly.
  public init() {}

  /// Decodes and validates the options; unknown keys are rejected.
  public init(from decoder: any Decoder) throws {
    var options = try OptionReader(decoder)
    options.ignore("name")
    length = try options.value(
      "length", default: length, "number P of keys and values prepended to those of each attention layer",
      check: Allowed.whole(1...4096))
    projection = try options.optional(
      "projection", "hidden width of two projections that compute the prefix in training; null: trained directly",
      check: Allowed.whole(1...16384))
    deviation = try options.value(
      "deviation", default: deviation, "standard deviation of the initial normal distribution",
      check: Allowed.notNegative)
    initText = try options.optional(
      "init_text",
      "text whose keys and values are the initial values, repeated or truncated to length; not with projection; null: random",
      check: { $0.contains { !$0.isWhitespace } ? nil : "a text with at least one word" })
    if projection != nil, initText != nil {
      throw options.error("init_text", "can't be combined with 'projection'; remove one of them")
    }
    dropout = try options.value(
      "dropout", default: dropout, "dropout probability for elements of the prefix",
      check: Allowed.dropout)
    positionShift = try options.value(
      "position_shift", default: positionShift, "start the tokens' positions at P, as peft does on BERT")
    targets = try options.value("targets", default: targets, "attention layers that get a prefix")
    try options.finish()
  }
}
