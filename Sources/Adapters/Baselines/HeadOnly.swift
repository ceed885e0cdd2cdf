public import GraftCore

/// The head alone trains, over the base's features as they are.
public struct HeadOnly: ParameterEfficientMethod {
  /// `head`
  public static let name = "head"
  /// `the head alone`
  public static let title = "the head alone"
  /// What it does.
  public static let summary = "trains the task head alone, over the base's features as they are"

  /// It has none.
  public let configuration: NoOptions

  /// The head alone.
  public init(_ configuration: NoOptions) { self.configuration = configuration }

  /// Plans nothing: every adapter trains its head.
  public func plan(_ plan: inout InjectionPlan) {}
}
