import GraftCore

/// The options of VeRA.
public struct VeRAConfiguration: Codable, Sendable {
  /// R, the rank of the update.
  public var rank = 256
  /// The initial value of every element of s_d.
  public var initial = 0.1
  /// The seed of A and B, which are then not stored; `nil` means that they are drawn from the run's seed and stored in the file.
  public var projectionSeed: UInt64?
  /// The projections that get an update.
  public var targets = TargetModules.roles(.query, .value)

  /// Creates the default options.
  public init() {}

  /// Decodes and validates the options; unknown keys are rejected.
  public init(from decoder: any Decoder) throws {
    var options = try OptionReader(decoder)
    options.ignore("name")
    rank = try options.value("rank", default: rank, "rank R of the update", check: Allowed.whole(1...16384))
    initial = try options.value("initial", default: initial, "initial value of d", check: Allowed.finite)
    projectionSeed = try options.optional(
      "projection_seed",
      "seed of the frozen matrices, which are then not stored; null: the run's seed, and they are stored")
    targets = try options.value("targets", default: targets, "projections that get an update")
    try options.finish()
  }

  private enum CodingKeys: String, CodingKey {
    case rank, initial, targets
    case projectionSeed = "projection_seed"
  }
}
