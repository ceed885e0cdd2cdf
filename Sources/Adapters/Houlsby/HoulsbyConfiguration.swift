public import GraftCore

/// The options of Houlsby adapters.
public struct HoulsbyConfiguration: Codable, Sendable, Equatable {
  /// The position of the bottlenecks and their input.
  public enum Placement: String, Codable, Sendable, CaseIterable {
    /// After attention and feed-forward layers, with their output as input. (Houlsby.)
    case both
    /// After the feed-forward layer, with the norm of the residual sum as input. (Pfeiffer.)
    case feedForward = "feed_forward"
    /// Parallel to the feed-forward layer, with the same input. (He.)
    case parallel
  }

  /// The initialization of the two matrices.
  public enum Initialization: String, Codable, Sendable, CaseIterable {
    /// The up-projection is zero, so that a new adapter has no effect.
    case nearIdentity = "near_identity"
    /// Both are normally distributed with standard deviation 0.02, as in BERT and AdapterHub's library.
    case bert
  }

  /// R, the width of the bottleneck; `nil` means D / `reductionFactor`.
  public var bottleneck: Int?
  /// D / R, used if `bottleneck` is not set.
  public var reductionFactor = 16.0
  /// The activation between the two matrices; `nil` means swish for the placement `both`, and relu for the others.
  public var activation: Activation?
  /// The position of the bottlenecks.
  public var placement = Placement.both
  /// The initialization of the matrices.
  public var initialization = Initialization.nearIdentity
  /// Whether the layer norms after the bottlenecks train too.
  public var trainLayerNorm = false
  /// The factor applied to the bottleneck's output.
  public var scale = 1.0
  /// The dropout probability for the bottleneck's output, in training.
  public var dropout = 0.0
  /// The sub-layers that get a bottleneck; `nil` means attention and feed-forward layers for the placement `both`, and only
  /// feed-forward layers for the others.
  public var targets: TargetModules?

  private enum CodingKeys: String, CodingKey {
    case bottleneck, activation, placement, scale, dropout, targets
    case reductionFactor = "reduction_factor"
    case initialization = "init"
    case trainLayerNorm = "train_layer_norm"
  }

  /// Creates the default options: after both sub-layers, with a sixteenth of the model's width.
  public init() {}

  /// Decodes and validates the options; unknown keys are rejected.
  public init(from decoder: any Decoder) throws {
    var options = try OptionReader(decoder)
    options.ignore("name")
    bottleneck = try options.optional(
      "bottleneck", shownAs: "width / reduction_factor", "width R of the bottleneck", check: Allowed.whole(1...16384))
    reductionFactor = try options.value(
      "reduction_factor", default: reductionFactor, "model width / R, used if no bottleneck is given"
    ) { $0 >= 1 && $0 <= 65536 ? nil : "a number from 1 to 65536" }
    placement = try options.choice("placement", default: placement, "position of the bottlenecks")
    activation = try options.optionalChoice(
      "activation", of: Activation.self, shownAs: "swish for placement both, else relu", "activation function")
    initialization = try options.choice("init", default: initialization, "initialization of the matrices")
    trainLayerNorm = try options.value(
      "train_layer_norm", default: trainLayerNorm, "also train the layer norms after the bottlenecks")
    scale = try options.value(
      "scale", default: scale, "factor applied to the bottleneck's output", check: Allowed.finite)
    dropout = try options.value(
      "dropout", default: dropout, "dropout probability for the bottleneck's output", check: Allowed.dropout)
    targets = try options.optional(
      "targets", shownAs: "role:attention|feed_forward, depending on placement", "sub-layers that get a bottleneck")
    try options.finish()
  }

  /// Returns R for a sub-layer of this width.
  func bottleneck(of width: Int) -> Int { bottleneck ?? max(1, Int(Double(width) / reductionFactor)) }

  var resolvedActivation: Activation { activation ?? (placement == .both ? .swish : .relu) }

  var resolvedTargets: TargetModules {
    targets ?? (placement == .both ? .roles(.attention, .feedForward) : .roles(.feedForward))
  }
}
