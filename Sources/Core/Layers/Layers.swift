/// A frozen projection `y = x W^T + b`, or `y = x W^T` without a bias.
public struct Linear: Sendable {
  /// W, `[out, in]`.
  public let weight: Parameter
  /// b, `[out]`, or `nil`.
  public let bias: Parameter?
  /// How products with the weight are computed.
  public let products: FrozenProducts
  /// The weight, prepared for those products.
  let frozenWeight: FrozenWeight

  /// Creates a projection from its parameters.
  ///
  /// - Parameters:
  ///   - weight: W, `[out, in]`; must not change afterwards.
  ///   - bias: b, `[out]`, or `nil`.
  ///   - products: How products with the weight are computed.
  public init(weight: Parameter, bias: Parameter?, products: FrozenProducts = FrozenProducts()) {
    if let bias {
      precondition(
        weight.rows == bias.count, "\(weight.name): expected \(weight.rows) bias values, got \(bias.count)")
    }
    self.weight = weight
    self.bias = bias
    self.products = products
    frozenWeight = products.weight(weight)
  }

  /// The weight, and the bias if there is one.
  public var parameters: [Parameter] { [weight] + [bias].compactMap(\.self) }
}

/// The parameters of a layer norm over D features.
public struct LayerNorm: Sendable {
  /// The scale, `[D]`.
  public let weight: Parameter
  /// The shift, `[D]`, or `nil`.
  public let bias: Parameter?
  /// The constant added to the variance.
  public let epsilon: Float

  /// Creates a norm from its parameters; without a bias, nothing is added after the scaling.
  public init(weight: Parameter, bias: Parameter?, epsilon: Float) {
    self.weight = weight
    self.bias = bias
    self.epsilon = epsilon
  }
  /// The scale, and the shift if there is one.
  public var parameters: [Parameter] { [weight] + [bias].compactMap(\.self) }
}
