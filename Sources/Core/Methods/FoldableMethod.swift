/// A method that trains more than its answer needs: what it saves is folded into a plainer method's parameters.
///
/// Prefix tuning trains keys and values through two projections (Li and Liang, 2021, section 4.3); once they are trained, only
/// what comes out is needed.
public protocol FoldableMethod: ParameterEfficientMethod {
  /// The plainer method, or `nil` when there is nothing to fold with these options.
  var folded: (any ParameterEfficientMethod)? { get }

  /// Gives an adapter of the plainer method the values with which it answers as `adapter` does. What both have by one name,
  /// such as the head, is copied by the caller.
  func fold(_ adapter: Adapter, into plain: Adapter)
}
