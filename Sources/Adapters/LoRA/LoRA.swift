public import GraftCore

/// Low-rank adaptation: `y = W x + b + s B A dropout(x)` with A `[R, in]` and B `[out, R]`.
///
/// Hu et al., "LoRA: low-rank adaptation of large language models", 2021, equation 3. As in peft, A is initialized uniformly
/// within `±1 / sqrt(in)` and B with zeros, so that a new adapter has no effect; `s = alpha / R`, or `alpha / sqrt R` if
/// rank-stabilized (Kalajdzievski, 2023). DoRA (Liu et al., 2024) also trains the magnitude of each row of `W + s B A`.
public struct LoRA: ParameterEfficientMethod {
  /// `lora`
  public static let name = "lora"
  /// `LoRA`
  public static let title = "LoRA"
  /// One line about what it does, with its source.
  public static let summary = "adds a product of two low-rank matrices to selected projections (Hu et al., 2021)"

  /// The options.
  public let configuration: LoRAConfiguration

  /// Creates the method with its options.
  public init(_ configuration: LoRAConfiguration) { self.configuration = configuration }

  /// Attaches a pair of matrices to every target.
  public func plan(_ plan: inout InjectionPlan) throws {
    let slots = try plan.projections(configuration.targets)
    let overrides = try configuration.overrides.map { override in
      let paths = Set(try plan.projections(override.targets).map(\.path))
      guard slots.contains(where: { paths.contains($0.path) }) else {
        throw SelectorError.outsideTargets(
          selectors: override.targets.include.map(\.description),
          targets: configuration.targets.include.map(\.description))
      }
      return (override, paths)
    }
    for slot in slots {
      let override = overrides.first { $0.1.contains(slot.path) }?.0
      let rank = override?.rank ?? configuration.rank
      let alpha = override?.alpha ?? configuration.alpha
      let a = plan.makeParameter(
        "lora_A", of: slot.path, shape: [rank, slot.inputWidth], .kaimingUniform(fanIn: slot.inputWidth))
      let b = plan.makeParameter("lora_B", of: slot.path, shape: [slot.outputWidth, rank], .zeros)
      let update = LowRankUpdate(
        a: a, b: b, scale: scale(rank: rank, alpha: alpha), dropout: Float(configuration.dropout))
      guard configuration.dora else {
        plan.attach(update, to: slot)
        continue
      }
      // B is zero at first, so the norms of W + s B A are those of W.
      let magnitude = plan.makeParameter(
        "lora_magnitude_vector", of: slot.path, shape: [slot.outputWidth], .rowNorms(of: slot.frozen.weight))
      plan.attach(DecomposedUpdate(update: update, magnitude: magnitude, weight: slot.frozen.weight), to: slot)
    }
  }

  private func scale(rank: Int, alpha: Double) -> Float {
    Float(configuration.rankStabilized ? alpha / Double(rank).squareRoot() : alpha / Double(rank))
  }
}

/// `y += s B A dropout(x)`; each projection draws a separate dropout mask.
struct LowRankUpdate: MergeableAttachment {
  /// `[R, in]`
  let a: Parameter
  /// `[out, R]`
  let b: Parameter
  let scale: Float
  let dropout: Float

  func forward(_ x: Tensor, output y: Tensor, in pass: Pass) -> Tensor {
    let low = pass.linear(pass.dropout(x, probability: dropout), weight: pass.tensor(a), bias: nil)
    return pass.addLinear(low, weight: pass.tensor(b), scale: scale, to: y)
  }

  func apply(to change: inout LayerChange, mergeConstants: [Float]) { change.addProduct(b, a, scale: scale) }
}
