public import GraftCore

/// The options of LoRA.
public struct LoRAConfiguration: Codable, Sendable, Equatable {
  /// R, the rank of the update.
  public var rank = 8
  /// The numerator of the scale.
  public var alpha = 16.0
  /// The dropout probability for the input of A, in training.
  public var dropout = 0.0
  /// Whether the scale is `alpha / sqrt R` instead of `alpha / R`.
  public var rankStabilized = false
  /// Whether the magnitude of each row of the updated weight is trained separately from its direction. (DoRA.)
  public var dora = false
  /// The projections that get an update.
  public var targets = TargetModules.roles(.query, .value)
  /// Different ranks and alphas for some of the targets; the first override that matches a module is used.
  public var overrides: [Override] = []

  /// A different rank or alpha for some of the targets.
  public struct Override: Codable, Sendable, Equatable {
    /// The modules to which it applies.
    public var targets: TargetModules
    /// R, or `nil` for the default.
    public var rank: Int?
    /// Alpha, or `nil` for the default.
    public var alpha: Double?

    /// Creates an override for `targets`.
    public init(targets: TargetModules, rank: Int? = nil, alpha: Double? = nil) {
      self.targets = targets
      self.rank = rank
      self.alpha = alpha
    }

    /// Decodes and validates the override.
    public init(from decoder: any Decoder) throws {
      var options = try OptionReader(decoder)
      guard let targets = try options.optional("targets", of: TargetModules.self, "modules to which it applies") else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "an override needs 'targets', such as \"*.value\""))
      }
      self.targets = targets
      rank = try options.optional("rank", "R for these modules", check: Allowed.whole(LoRAConfiguration.ranks))
      alpha = try options.optional("alpha", "alpha for these modules", check: Allowed.finite)
      try options.finish()
      guard rank != nil || alpha != nil else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "an override needs 'rank' or 'alpha'"))
      }
    }
  }

  /// The allowed ranks; no projection of a supported base is wider than the largest rank.
  private static let ranks = 1...16384

  private enum CodingKeys: String, CodingKey {
    case rank, alpha, dropout, dora, targets, overrides
    case rankStabilized = "rank_stabilized"
  }

  /// Creates the default options: rank 8 and alpha 16 on query and value.
  public init() {}

  /// Decodes and validates the options; unknown keys are rejected.
  public init(from decoder: any Decoder) throws {
    var options = try OptionReader(decoder)
    options.ignore("name")
    rank = try options.value(
      "rank", default: rank, "rank R of the update", check: Allowed.whole(LoRAConfiguration.ranks))
    alpha = try options.value("alpha", default: alpha, "numerator of the scale alpha / rank", check: Allowed.finite)
    dropout = try options.value(
      "dropout", default: dropout, "dropout probability for the input of A", check: Allowed.dropout)
    rankStabilized = try options.value(
      "rank_stabilized", default: rankStabilized, "scale by alpha / sqrt(rank) instead of alpha / rank")
    dora = try options.value("dora", default: dora, "train row magnitudes separately from directions (DoRA)")
    targets = try options.value("targets", default: targets, "projections that get an update")
    overrides = try options.value(
      "overrides", default: overrides, "list of {targets, rank, alpha} for some targets; the first match is used"
    ) { overrides in
      let selectors = overrides.reduce(0) { $0 + $1.targets.include.count + $1.targets.exclude.count }
      return selectors <= 5000 ? nil : "overrides with at most 5000 selectors together"
    }
    try options.finish()
  }
}
