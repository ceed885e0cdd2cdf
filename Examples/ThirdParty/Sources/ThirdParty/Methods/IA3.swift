import GraftCore

/// Multiplies the keys, the values, and the feed-forward's inner activations by trained vectors, three per block.
///
/// Liu et al., "Few-shot parameter-efficient fine-tuning is better and cheaper than in-context learning", 2022, section 3.3.
/// As in peft: `y = l ⊙ (W x + b)` for keys and values, `y = W (l ⊙ x) + b` for the down-projection; l is initialized with ones.
public struct IA3: ParameterEfficientMethod {
  /// The options.
  public struct Configuration: Codable, Sendable {
    /// The projections whose output is multiplied.
    public var targets = TargetModules.roles(.key, .value)
    /// The projections whose input is multiplied.
    public var feedForward = TargetModules.roles(.feedForwardOut)

    /// Creates the default options.
    public init() {}

    /// Decodes and validates the options; unknown keys are rejected.
    public init(from decoder: any Decoder) throws {
      var options = try OptionReader(decoder)
      options.ignore("name")
      targets = try options.value("targets", default: targets, "projections whose output is multiplied")
      feedForward = try options.value("feed_forward", default: feedForward, "projections whose input is multiplied")
      try options.finish()
    }

    private enum CodingKeys: String, CodingKey {
      case targets
      case feedForward = "feed_forward"
    }
  }

  /// The name in configurations.
  public static let name = "ia3"
  /// The name in prose.
  public static let title = "IA3"
  /// One line about what it does, with its source.
  public static let summary = "multiplies keys, values, and inner activations by trained vectors (Liu et al., 2022)"
  /// The options of this instance.
  public let configuration: Configuration
  /// Creates the method with its options.
  public init(_ configuration: Configuration) { self.configuration = configuration }

  /// Attaches a vector to every target. If both selectors match a projection, its input is multiplied, as in peft.
  public func plan(_ plan: inout InjectionPlan) throws {
    let inner = try plan.projections(configuration.feedForward)
    let innerPaths = inner.map(\.path)
    for slot in try plan.projections(configuration.targets) where !innerPaths.contains(slot.path) {
      let vector = plan.makeParameter("ia3_l", of: slot.path, shape: [slot.outputWidth], .ones)
      plan.attach(OutputScale(vector: vector), to: slot)
    }
    for slot in inner {
      let vector = plan.makeParameter("ia3_l", of: slot.path, shape: [slot.inputWidth], .ones)
      plan.attach(InputScale(vector: vector, weight: slot.frozen.weight), to: slot)
    }
  }
}

/// A vector l at a projection.
protocol Scale: MergeableAttachment {
  /// `[out]` or `[in]`
  var vector: Parameter { get }
}

/// `y = l ⊙ y`.
struct OutputScale: Scale {
  let vector: Parameter

  func forward(_ x: Tensor, output y: Tensor, in pass: Pass) -> Tensor { pass.scaleColumns(y, by: pass.tensor(vector)) }

  func apply(to change: inout LayerChange, mergeConstants: [Float]) { change.scaleOutputs(by: Array(vector.values)) }
}

/// `y = y + W (l ⊙ x - x)`, which keeps what other attachments added to y.
struct InputScale: Scale {
  let vector: Parameter
  let weight: Parameter

  func forward(_ x: Tensor, output y: Tensor, in pass: Pass) -> Tensor {
    let change = pass.add(pass.scaleColumns(x, by: pass.tensor(vector)), x, scale: -1)
    return pass.addLinear(change, weight: pass.tensor(weight), scale: 1, to: y)
  }

  func apply(to change: inout LayerChange, mergeConstants: [Float]) { change.addBase { vector.values[$1] - 1 } }
}
