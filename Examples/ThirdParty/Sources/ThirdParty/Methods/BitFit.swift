import GraftCore

/// Trains only the biases, including those of the layer norms.
///
/// Ben Zaken et al., "BitFit: simple parameter-efficient fine-tuning for transformer-based masked language-models", 2022.
public struct BitFit: ParameterEfficientMethod {
  /// The name in configurations.
  public static let name = "bitfit"
  /// The name in prose.
  public static let title = "BitFit"
  /// One line about what it does, with its source.
  public static let summary = "trains only the biases (Ben Zaken et al., 2022)"
  /// The options of this instance.
  public let configuration: NoOptions
  /// Creates the method with its options.
  public init(_ configuration: NoOptions) { self.configuration = configuration }

  /// Thaws every bias.
  public func plan(_ plan: inout InjectionPlan) {
    for parameter in plan.modules.flatMap(\.parameters) where parameter.name.hasSuffix(".bias") { plan.thaw(parameter) }
  }
}
