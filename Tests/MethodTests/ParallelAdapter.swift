public import GraftCore

/// A bottleneck parallel to a projection: `y = W x + b + Wu relu(Wd x + bd)` with Wd `[R, in]`, Wu `[out, R]`.
///
/// He et al., "Towards a unified view of parameter-efficient transfer learning", 2022, section 3.3, applied to one
/// projection. Wu starts at zero, so a new adapter has no effect.
public struct ParallelAdapter: ParameterEfficientMethod {
  /// The options.
  public struct Configuration: Codable, Sendable, Equatable {
    /// R, the width of the bottleneck.
    public var width = 16
    /// The projections that receive a bottleneck.
    public var targets = TargetModules.roles(.feedForwardIn)

    /// The defaults.
    public init() {}

    /// Decodes and validates; unknown keys are refused.
    public init(from decoder: any Decoder) throws {
      var options = try OptionReader(decoder)
      options.ignore("name")
      width = try options.value("width", default: width, "width R of the bottleneck") {
        $0 >= 1 ? nil : "a whole number from 1"
      }
      targets = try options.value("targets", default: targets, "projections that get a bottleneck")
      try options.finish()
    }
  }

  /// `parallel`
  public static let name = "parallel"
  /// `Parallel adapter`
  public static let title = "Parallel adapter"
  /// A description with the source.
  public static let summary = "adds a small two-layer network beside chosen projections (He et al., 2022)"

  /// The options.
  public let configuration: Configuration

  /// Creates the method with these options.
  public init(_ configuration: Configuration) { self.configuration = configuration }

  /// Attaches a bottleneck to every target.
  public func plan(_ plan: inout InjectionPlan) throws {
    for slot in try plan.projections(configuration.targets) {
      let (r, d) = (configuration.width, slot.inputWidth)
      let down = plan.makeParameter("down.weight", of: slot.path, shape: [r, d], .kaimingUniform(fanIn: d))
      let bias = plan.makeParameter("down.bias", of: slot.path, shape: [r], .zeros)
      let up = plan.makeParameter("up.weight", of: slot.path, shape: [slot.outputWidth, r], .zeros)
      plan.attach(Bottleneck(down: down, bias: bias, up: up), to: slot)
    }
  }
}

/// `y += Wu relu(Wd x + bd)`.
struct Bottleneck: ProjectionAttachment {
  /// Wd, `[R, in]`
  let down: Parameter
  /// bd, `[R]`
  let bias: Parameter
  /// Wu, `[out, R]`
  let up: Parameter

  func forward(_ x: Tensor, output y: Tensor, in pass: Pass) -> Tensor {
    let inner = pass.activate(pass.linear(x, weight: pass.tensor(down), bias: pass.tensor(bias)), .relu)
    return pass.addLinear(inner, weight: pass.tensor(up), scale: 1, to: y)
  }
}
