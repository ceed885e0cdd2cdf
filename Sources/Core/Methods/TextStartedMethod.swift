/// A method whose parameters can start from what the base itself makes of a text, rather than from random numbers.
///
/// Li and Liang, "Prefix-tuning", 2021, section 7.4: with little data, a prefix that starts from the activations of real words
/// learns better.
public protocol TextStartedMethod: ParameterEfficientMethod {
  /// The text, or `nil` when these options start from random numbers.
  var initialText: String? { get }

  /// Gives a new adapter of this method the values that it starts from.
  ///
  /// - Parameters:
  ///   - adapter: The adapter, just injected.
  ///   - activations: Every attention's, for the text's tokens without the special ones; at least one token.
  func start(_ adapter: Adapter, from activations: [AttentionActivations])
}

/// The keys and values that an attention of the base makes of some tokens, all heads side by side.
public struct AttentionActivations: Sendable {
  /// The attention.
  public let path: ModulePath
  /// `[T, D]`
  public let keys: [Float]
  /// `[T, D]`
  public let values: [Float]

  /// The activations of the attention at `path`.
  public init(path: ModulePath, keys: [Float], values: [Float]) {
    precondition(!keys.isEmpty && keys.count == values.count, "a key and a value for each token")
    self.path = path
    self.keys = keys
    self.values = values
  }
}
