public import GraftCore

/// Prefix tuning: P trained keys and values in front of each attention's own.
///
/// Li and Liang, "Prefix-tuning: optimizing continuous prompts for generation", 2021, section 4. As in peft, flat vectors are
/// drawn from the normal distribution, or made from an embedding `[P, D]` by two projections with a tanh between them
/// (section 4.3), which are folded away in the saved file.
public struct Prefix: ParameterEfficientMethod {
  /// `prefix`
  public static let name = "prefix"
  /// `prefix tuning`
  public static let title = "prefix tuning"
  /// What it does and where it comes from.
  public static let summary = "puts trained keys and values in front of every attention's own (Li and Liang, 2021)"

  /// The options.
  public let configuration: PrefixConfiguration

  /// A prefix with these options.
  public init(_ configuration: PrefixConfiguration) { self.configuration = configuration }

  /// Attaches keys and values to every target.
  public func plan(_ plan: inout InjectionPlan) throws {
    let slots = try plan.slots(AttentionSlot.self, of: configuration.targets)
    for slot in slots {
      let shape = [configuration.length, slot.width]
      plan.attach(
        KeysAndValues(
          keys: plan.makeParameter("prefix_keys", of: slot.path, shape: shape, .normal(deviation: deviation)),
          values: plan.makeParameter("prefix_values", of: slot.path, shape: shape, .normal(deviation: deviation)),
          dropout: Float(configuration.dropout)), to: slot)
    }
    if configuration.positionShift {
      for slot in try plan.slots(EmbeddingsSlot.self, of: .roles(.embeddings)) {
        plan.attach(PositionShift(positionShift: configuration.length), to: slot)
      }
    }
  }

  private var deviation: Float { Float(configuration.deviation) }
}

/// The keys and values of one attention.
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

/// Every token's position counts from P, as peft has it on BERT.
struct PositionShift: EmbeddingsAttachment {
  let positionShift: Int
}
