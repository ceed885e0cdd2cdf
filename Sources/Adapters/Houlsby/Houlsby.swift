public import GraftCore

/// Bottleneck adapters: `h + s Wu f(Wd h + bd) + s bu` replaces a sub-layer's output h, with Wd `[R, D]`, Wu `[D, R]`.
///
/// Houlsby et al., "Parameter-efficient transfer learning for NLP", 2019, section 2: after both sub-layers of every block, before
/// the residual sum and its norm. Pfeiffer et al., 2020, "AdapterFusion": only after the feed-forward layer, with the norm of
/// the residual sum as input. He et al., 2022, "Towards a unified view": parallel to the feed-forward layer, with the same input.
public struct Houlsby: ParameterEfficientMethod {
  /// `houlsby`
  public static let name = "houlsby"
  /// `Houlsby adapters`
  public static let title = "Houlsby adapters"
  /// One line about what it does, with its source.
  public static let summary = "adds small bottlenecks after attention and feed-forward (Houlsby et al., 2019)"

  /// The options.
  public let configuration: HoulsbyConfiguration

  /// Creates the method with its options.
  public init(_ configuration: HoulsbyConfiguration) { self.configuration = configuration }

  /// Attaches a bottleneck to every target, and thaws the norms after them if `trainLayerNorm` is set.
  public func plan(_ plan: inout InjectionPlan) throws {
    let slots = try plan.slots(SubLayerSlot.self, of: configuration.resolvedTargets)
    for slot in slots {
      let (width, d) = (configuration.bottleneck(of: slot.width), slot.width)
      let (down, up) = initializers(width: d)
      let bottleneck = Bottleneck(
        down: plan.makeParameter("adapter_down.weight", of: slot.path, shape: [width, d], down),
        downBias: plan.makeParameter("adapter_down.bias", of: slot.path, shape: [width], .zeros),
        up: plan.makeParameter("adapter_up.weight", of: slot.path, shape: [d, width], up),
        upBias: plan.makeParameter("adapter_up.bias", of: slot.path, shape: [d], .zeros),
        activation: configuration.resolvedActivation, scale: Float(configuration.scale),
        dropout: Float(configuration.dropout), placement: configuration.placement)
      plan.attach(bottleneck, to: slot)
      if configuration.trainLayerNorm {
        for parameter in slot.norm?.parameters ?? [] { plan.thaw(parameter) }
      }
    }
  }

  private func initializers(width: Int) -> (down: Initializer, up: Initializer) {
    switch configuration.initialization {
    case .nearIdentity: (.kaimingUniform(fanIn: width), .zeros)
    case .bert: (.normal(deviation: 0.02), .normal(deviation: 0.02))
    }
  }
}

/// A bottleneck after a sub-layer, or parallel to it.
struct Bottleneck: SubLayerAttachment {
  /// Wd, `[R, D]`, and bd, `[R]`.
  let down: Parameter, downBias: Parameter
  /// Wu, `[D, R]`, and bu, `[D]`.
  let up: Parameter, upBias: Parameter
  let activation: Activation
  let scale: Float
  let dropout: Float
  let placement: HoulsbyConfiguration.Placement

  func forward(_ h: Tensor, residual x: Tensor, norm: LayerNorm?, in pass: Pass) -> Tensor {
    let input =
      switch placement {
      case .both: h
      case .feedForward: norm.map { pass.residualNorm(x, adding: h, $0) } ?? pass.add(x, h)
      case .parallel: x
      }
    let low = pass.activate(
      pass.linear(input, weight: pass.tensor(down), bias: pass.tensor(downBias)), activation)
    let high = pass.linear(low, weight: pass.tensor(up), bias: pass.tensor(upBias))
    return pass.add(h, pass.dropout(high, probability: dropout), scale: scale)
  }
}
