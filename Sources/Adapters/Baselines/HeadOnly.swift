public import GraftCore

/// Trains only the task head on the frozen features of the base.
public struct HeadOnly: ParameterEfficientMethod {
  /// `head`
  public static let name = "head"
  /// `head only`
  public static let title = "head only"
  /// One line about what it does.
  public static let summary = "trains only the task head on the frozen features of the base"

  /// The options; there are none.
  public let configuration: NoOptions

  /// Creates the method.
  public init(_ configuration: NoOptions) { self.configuration = configuration }

  /// Plans nothing: every adapter trains its head anyway.
  public func plan(_ plan: inout InjectionPlan) {}
}
