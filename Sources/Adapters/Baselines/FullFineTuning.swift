public import GraftCore

/// Full fine-tuning: everything trains. What parameter-efficient methods are measured against.
public struct FullFineTuning: ParameterEfficientMethod {
  /// `full`
  public static let name = "full"
  /// `full fine-tuning`
  public static let title = "full fine-tuning"
  /// What it does.
  public static let summary = "trains every parameter of the base; its file is as large as the base"

  /// It has none.
  public let configuration: NoOptions

  /// Full fine-tuning.
  public init(_ configuration: NoOptions) { self.configuration = configuration }

  /// Thaws every parameter that the answer depends on.
  public func plan(_ plan: inout InjectionPlan) {
    for module in plan.modules { for parameter in module.parameters { plan.thaw(parameter) } }
  }
}
