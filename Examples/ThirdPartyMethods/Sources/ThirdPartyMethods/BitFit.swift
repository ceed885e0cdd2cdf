import GraftCore

/// The biases alone train, those of the layer norms too.
///
/// Ben Zaken et al., "BitFit: simple parameter-efficient fine-tuning for transformer-based masked language-models", 2022.
public struct BitFit: ParameterEfficientMethod {
  /// The name in configurations.
  public static let name = "bitfit"
  /// The name in texts.
  public static let title = "BitFit"
  /// What it does and where it comes from.
  public static let summary = "trains the biases alone (Ben Zaken et al., 2022)"
  /// The options of this instance.
  public let configuration: NoOptions
  /// The method with these options.
  public init(_ configuration: NoOptions) { self.configuration = configuration }

  /// Plans what to attach and thaw.
  public func plan(_ plan: inout InjectionPlan) {
    for parameter in plan.modules.flatMap(\.parameters) where parameter.name.hasSuffix(".bias") { plan.thaw(parameter) }
  }
}
