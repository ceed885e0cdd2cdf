import GraftCore

/// The biases alone train, those of the layer norms too.
///
/// Ben Zaken et al., "BitFit: simple parameter-efficient fine-tuning for transformer-based masked language-models", 2022.
public struct BitFit: ParameterEfficientMethod {
  /// The options.
  public struct Configuration: Codable, Sendable {
    /// The defaults.
    public init() {}
    /// Decodes and validates; unknown keys are refused.
    public init(from decoder: any Decoder) throws {
      var options = try OptionReader(decoder)
      options.ignore("name")
      try options.finish()
    }
    /// Encodes an empty mapping.
    public func encode(to encoder: any Encoder) throws { _ = encoder.container(keyedBy: NoKeys.self) }
    private enum NoKeys: CodingKey {}
  }

  /// The name in configurations.
  public static let name = "bitfit"
  /// The name in texts.
  public static let title = "BitFit"
  /// What it does and where it comes from.
  public static let summary = "trains the biases alone (Ben Zaken et al., 2022)"
  /// The options of this instance.
  public let configuration: Configuration
  /// The method with these options.
  public init(_ configuration: Configuration) { self.configuration = configuration }

  /// Plans what to attach and thaw.
  public func plan(_ plan: inout InjectionPlan) {
    for parameter in plan.modules.flatMap(\.parameters) where parameter.name.hasSuffix(".bias") { plan.thaw(parameter) }
  }
}
