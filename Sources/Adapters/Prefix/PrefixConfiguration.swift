public import GraftCore

/// The options of prefix tuning.
public struct PrefixConfiguration: Codable, Sendable, Equatable {
  /// P, the number of keys and values in front of each attention's own.
  public var length = 20
  /// The width of the projection that makes keys and values from an embedding while they train; `nil`: flat vectors.
  public var projection: Int?
  /// The deviation of the normal distribution that they start from.
  public var deviation = 1.0
  /// A text whose tokens' own keys and values they start from; `nil`: the normal distribution.
  public var initText: String?
  /// The probability of a prefix's element to be dropped, in training.
  public var dropout = 0.0
  /// Whether the tokens' positions count from P, as peft has it on BERT.
  public var positionShift = false
  /// The attentions that get a prefix.
  public var targets = TargetModules.roles(.attention)

  private enum CodingKeys: String, CodingKey {
    case length, projection, deviation, dropout, targets
    case initText = "init_text"
    case positionShift = "position_shift"
  }

  /// The defaults: 20 flat vectors in every attention.
  public init() {}

  /// Decodes and validates; unknown keys are refused.
  public init(from decoder: any Decoder) throws {
    var options = try OptionReader(decoder)
    options.ignore("name")
    length = try options.value(
      "length", default: length, "keys and values P in front of each attention's own", check: Allowed.whole(1...4096))
    projection = try options.optional(
      "projection", "width of two projections through which they train, folded away in the file; null: flat vectors",
      check: Allowed.whole(1...16384))
    deviation = try options.value(
      "deviation", default: deviation, "deviation of the normal distribution that they start from",
      check: Allowed.notNegative)
    initText = try options.optional(
      "init_text",
      "text whose tokens' own keys and values they start from, repeated or cut to the length; not with a projection; null: random",
      check: { $0.contains { !$0.isWhitespace } ? nil : "some words" })
    if projection != nil, initText != nil {
      throw options.refuse("init_text", "a prefix through a projection can't start from a text; leave out one of them")
    }
    dropout = try options.value(
      "dropout", default: dropout, "probability of a prefix's element to be dropped, in training",
      check: Allowed.dropout)
    positionShift = try options.value(
      "position_shift", default: positionShift, "count the tokens' positions from P, as peft does on BERT")
    targets = try options.value("targets", default: targets, "attentions that get a prefix")
    try options.finish()
  }
}
