/// A method whose parameters can be initialized from the base's activations for a text instead of random values.
///
/// Li and Liang, "Prefix-tuning", 2021, section 7.4: with little data, a prefix that is initialized with the activations of real
/// words trains better.
public protocol TextStartedMethod: ParameterEfficientMethod {
  /// The initial text, or `nil` if these options use random initial values.
  var initialText: String? { get }

  /// Initializes a new adapter of this method from activations.
  ///
  /// - Parameters:
  ///   - adapter: The adapter, which was just injected.
  ///   - activations: The activations of every attention layer for the text's tokens, without special tokens; at least one token.
  func start(_ adapter: Adapter, from activations: [AttentionActivations])
}

/// The keys and values that an attention layer of the base computes for some tokens, with all heads concatenated.
public struct AttentionActivations: Sendable {
  /// The path of the attention layer.
  public let path: ModulePath
  /// `[T, D]`
  public let keys: [Float]
  /// `[T, D]`
  public let values: [Float]

  /// Creates the activations of the attention layer at `path`.
  public init(path: ModulePath, keys: [Float], values: [Float]) {
    precondition(!keys.isEmpty && keys.count == values.count, "expected a key and a value for each token")
    self.path = path
    self.keys = keys
    self.values = values
  }
}
