public import GraftCore

/// Full fine-tuning, which trains every parameter; the baseline for parameter-efficient methods.
public struct FullFineTuning: ParameterEfficientMethod {
  /// `full`
  public static let name = "full"
  /// `full fine-tuning`
  public static let title = "full fine-tuning"
  /// One line about what it does.
  public static let summary = "trains every parameter of the base; the adapter file is as large as the base"

  /// The options; there are none.
  public let configuration: NoOptions

  /// Creates the method.
  public init(_ configuration: NoOptions) { self.configuration = configuration }

  /// Thaws every parameter of every module.
  public func plan(_ plan: inout InjectionPlan) {
    for module in plan.modules { for parameter in module.parameters { plan.thaw(parameter) } }
  }
}
