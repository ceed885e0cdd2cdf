/// A method with training-only parameters: saving folds them into the parameters of a simpler method.
///
/// Prefix tuning trains keys and values through two projections (Li and Liang, 2021, section 4.3); after training, only the
/// resulting keys and values are needed.
public protocol FoldableMethod: ParameterEfficientMethod {
  /// The simpler method, or `nil` if there is nothing to fold with these options.
  var folded: (any ParameterEfficientMethod)? { get }

  /// Sets the parameters of `plain`, an adapter of the simpler method, so that its logits are the same as those of `adapter`. The
  /// caller copies parameters that both have under the same name, such as the head.
  func fold(_ adapter: Adapter, into plain: Adapter)
}
