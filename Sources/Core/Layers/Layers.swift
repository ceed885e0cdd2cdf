/// A frozen projection `y = x W^T + b`.
public struct Linear: Sendable {
  /// W, `[out, in]`.
  public let weight: Parameter
  /// b, `[out]`.
  public let bias: Parameter
  /// How products with the weight are computed.
  public let products: FrozenProducts
  /// The weight, prepared for those products.
  let frozenWeight: FrozenWeight

  /// Creates a projection from its parameters.
  ///
  /// - Parameters:
  ///   - weight: W, `[out, in]`; must not change afterwards.
  ///   - bias: b, `[out]`.
  ///   - products: How products with the weight are computed.
  public init(weight: Parameter, bias: Parameter, products: FrozenProducts = FrozenProducts()) {
    precondition(
      weight.rows == bias.count, "\(weight.name): expected \(weight.rows) bias values, got \(bias.count)")
    self.weight = weight
    self.bias = bias
    self.products = products
    frozenWeight = products.weight(weight)
  }
}

/// The parameters of a layer norm over D features.
public struct LayerNorm: Sendable {
  /// The scale, `[D]`.
  public let weight: Parameter
  /// The shift, `[D]`.
  public let bias: Parameter
  /// The constant added to the variance.
  public let epsilon: Float

  /// Creates a norm from its parameters.
  public init(weight: Parameter, bias: Parameter, epsilon: Float) {
    self.weight = weight
    self.bias = bias
    self.epsilon = epsilon
  }
}
