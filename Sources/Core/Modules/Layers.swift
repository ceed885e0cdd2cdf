/// A frozen projection `y = x W^T + b`.
public struct Linear: Sendable {
  /// W, `[out, in]`.
  public let weight: Parameter
  /// b, `[out]`.
  public let bias: Parameter

  /// A projection by its parameters.
  public init(weight: Parameter, bias: Parameter) {
    precondition(weight.rows == bias.count, "\(weight.name): a bias for each of \(weight.rows) outputs")
    (self.weight, self.bias) = (weight, bias)
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
    (self.weight, self.bias, self.epsilon) = (weight, bias, epsilon)
  }
}
