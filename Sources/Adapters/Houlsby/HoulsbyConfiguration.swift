public import GraftCore

/// The options of Houlsby adapters.
public struct HoulsbyConfiguration: Codable, Sendable, Equatable {
  /// Where a bottleneck sits, and what it is fed with.
  public enum Placement: String, Codable, Sendable, CaseIterable {
    /// Behind attention and feed-forward, fed with their output. (Houlsby.)
    case both
    /// Behind the feed-forward, fed with the norm of the residual sum. (Pfeiffer.)
    case feedForward = "feed_forward"
    /// Beside the feed-forward, fed with its input. (He.)
    case parallel
  }

  /// How the two matrices start.
  public enum Initialization: String, Codable, Sendable, CaseIterable {
    /// The upper one at zero, so that a new adapter changes nothing.
    case nearIdentity = "near_identity"
    /// Both normal with deviation 0.02, as BERT and AdapterHub's library start them.
    case bert
  }

  /// R, the width of the bottleneck; `nil`: D / reduction.
  public var bottleneck: Int?
  /// D / R, where no bottleneck is given.
  public var reductionFactor = 16.0
  /// The function between the two matrices; `nil`: swish, or relu where the placement is not `both`.
  public var activation: Activation?
  /// Where the bottlenecks sit.
  public var placement = Placement.both
  /// How the matrices start.
  public var initialization = Initialization.nearIdentity
  /// Whether the norms behind the bottlenecks train too.
  public var trainLayerNorm = false
  /// What the bottleneck's output is multiplied by.
  public var scale = 1.0
  /// The probability of an element of the bottleneck's output to be dropped, in training.
  public var dropout = 0.0
  /// The sub-layers that get a bottleneck; `nil`: attention and feed-forward, or feed-forward by the placement.
  public var targets: TargetModules?

  private enum CodingKeys: String, CodingKey {
    case bottleneck, activation, placement, scale, dropout, targets
    case reductionFactor = "reduction_factor"
    case initialization = "init"
    case trainLayerNorm = "train_layer_norm"
  }

  /// The defaults: after both sub-layers, a sixteenth of the width.
  public init() {}

  /// Decodes and validates; unknown keys are refused.
  public init(from decoder: any Decoder) throws {
    var options = try OptionReader(decoder)
    options.ignore("name")
    bottleneck = try options.optional(
      "bottleneck", shownAs: "width / reduction_factor", "width R of the bottleneck", check: Allowed.whole(1...16384))
    reductionFactor = try options.value(
      "reduction_factor", default: reductionFactor, "the model's width over R, where no bottleneck is given"
    ) { $0 >= 1 && $0 <= 65536 ? nil : "a number from 1 to 65536" }
    placement = try options.choice("placement", default: placement, "where the bottlenecks sit")
    activation = try options.optionalChoice(
      "activation", of: Activation.self, shownAs: "swish; relu unless placement is both", "function within")
    initialization = try options.choice("init", default: initialization, "how the matrices start")
    trainLayerNorm = try options.value(
      "train_layer_norm", default: trainLayerNorm, "train the layer norms behind the bottlenecks too")
    scale = try options.value("scale", default: scale, "factor of the bottleneck's output", check: Allowed.finite)
    dropout = try options.value(
      "dropout", default: dropout, "probability of an output to be dropped, in training", check: Allowed.dropout)
    targets = try options.optional(
      "targets", shownAs: "role:attention|feed_forward by placement", "sub-layers that get a bottleneck")
    try options.finish()
  }

  /// R for a sub-layer of this many features.
  func bottleneck(of width: Int) -> Int { bottleneck ?? max(1, Int(Double(width) / reductionFactor)) }

  var resolvedActivation: Activation { activation ?? (placement == .both ? .swish : .relu) }

  var resolvedTargets: TargetModules {
    targets ?? (placement == .both ? .roles(.attention, .feedForward) : .roles(.feedForward))
  }
}
