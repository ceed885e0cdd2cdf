public import GraftCore

/// Prefix tuning: P trained keys and values before those of each attention layer.
///
/// Li and Liang, "Prefix-tuning: optimizing continuous prompts for generation", 2021, section 4. As in peft, the vectors are
/// either trained directly, initialized from a normal distribution, or computed from an embedding `[P, D]` by two projections
/// with a tanh between them (section 4.3). The saved file contains only the resulting vectors.
public struct Prefix: ParameterEfficientMethod {
  /// `prefix`
  public static let name = "prefix"
  /// `prefix tuning`
  public static let title = "prefix tuning"
  /// One line about what it does, with its source.
  public static let summary = "adds trained keys and values before those of every attention layer (Li and Liang, 2021)"

  /// The options.
  public let configuration: PrefixConfiguration

  /// Creates the method with its options.
  public init(_ configuration: PrefixConfiguration) { self.configuration = configuration }

  /// Attaches keys and values to every target.
  public func plan(_ plan: inout InjectionPlan) throws {
    let slots = try plan.slots(AttentionSlot.self, of: configuration.targets)
    if let width = configuration.projection, let d = slots.first?.width {
      planProjection(&plan, slots, hidden: width, width: d)
    } else {
      for slot in slots {
        let shape = [configuration.length, slot.width]
        plan.attach(
          KeysAndValues(
            keys: plan.makeParameter("prefix_keys", of: slot.path, shape: shape, .normal(deviation: deviation)),
            values: plan.makeParameter("prefix_values", of: slot.path, shape: shape, .normal(deviation: deviation)),
            dropout: Float(configuration.dropout)), to: slot)
      }
    }
    if configuration.positionShift {
      for slot in try plan.slots(EmbeddingsSlot.self, of: .roles(.embeddings)) {
        plan.attach(PositionShift(positionShift: configuration.length), to: slot)
      }
    }
  }

  /// Plans one embedding and one projection for all attention layers, and two projections, for keys and values, for each of them.
  private func planProjection(_ plan: inout InjectionPlan, _ slots: [AttentionSlot], hidden: Int, width d: Int) {
    let embedding = plan.makeParameter(
      "embedding", of: "prefix", shape: [configuration.length, d], .normal(deviation: deviation))
    let first = projection(&plan, "projection", of: "prefix", output: hidden, input: d)
    for slot in slots {
      plan.attach(
        ProjectedKeysAndValues(
          embedding: embedding, first: first,
          keys: projection(&plan, "prefix_keys_projection", of: slot.path, output: d, input: hidden),
          values: projection(&plan, "prefix_values_projection", of: slot.path, output: d, input: hidden),
          dropout: Float(configuration.dropout)), to: slot)
    }
  }

  /// Creates a projection with PyTorch's initialization of a linear layer.
  private func projection(
    _ plan: inout InjectionPlan, _ name: String, of path: ModulePath, output: Int, input: Int
  ) -> Linear {
    let start = Initializer.kaimingUniform(fanIn: input)
    return Linear(
      weight: plan.makeParameter("\(name).weight", of: path, shape: [output, input], start),
      bias: plan.makeParameter("\(name).bias", of: path, shape: [output], start))
  }

  private var deviation: Float { Float(configuration.deviation) }
}

/// The keys and values of one attention layer.
struct KeysAndValues: AttentionAttachment {
  /// `[P, D]`
  let keys: Parameter
  /// `[P, D]`
  let values: Parameter
  let dropout: Float

  func prefix(in pass: Pass) -> (keys: Tensor, values: Tensor) {
    (
      pass.dropout(pass.tensor(keys), probability: dropout), pass.dropout(pass.tensor(values), probability: dropout)
    )
  }
}

/// The keys and values of one attention layer, computed from the embedding by two projections.
struct ProjectedKeysAndValues: AttentionAttachment {
  /// `[P, D]`
  let embedding: Parameter
  /// From D to the hidden width.
  let first: Linear
  /// From the hidden width to D.
  let keys: Linear, values: Linear
  let dropout: Float

  func prefix(in pass: Pass) -> (keys: Tensor, values: Tensor) {
    let hidden = pass.activate(pass.linear(pass.tensor(embedding), first), .tanh)
    return (
      pass.dropout(pass.linear(hidden, keys), probability: dropout),
      pass.dropout(pass.linear(hidden, values), probability: dropout)
    )
  }
}

/// Shifts every token's position by P, as peft does on BERT.
struct PositionShift: EmbeddingsAttachment {
  let positionShift: Int
}
