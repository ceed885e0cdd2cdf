/// A frozen projection `y = x W^T + b`.
public struct Linear: Sendable {
  /// W, `[out, in]`.
  public let weight: Parameter
  /// b, `[out]`.
  public let bias: Parameter
  /// How it is multiplied.
  public let products: FrozenProducts
  /// The weight, ready for that.
  let frozenWeight: FrozenWeight

  /// A projection by its parameters.
  ///
  /// - Parameters:
  ///   - weight: W, `[out, in]`; must not change any more.
  ///   - bias: b, `[out]`.
  ///   - products: How it is multiplied.
  public init(weight: Parameter, bias: Parameter, products: FrozenProducts = FrozenProducts()) {
    precondition(weight.rows == bias.count, "\(weight.name): a bias for each of \(weight.rows) outputs")
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
  /// What is added to the variance.
  public let epsilon: Float

  /// A norm by its parameters.
  public init(weight: Parameter, bias: Parameter, epsilon: Float) {
    self.weight = weight
    self.bias = bias
    self.epsilon = epsilon
  }
}
