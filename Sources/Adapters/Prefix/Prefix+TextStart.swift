public import GraftCore

extension Prefix: TextStartedMethod {
  /// The initial text of the configuration.
  public var initialText: String? { configuration.initText }

  /// Copies the tokens' keys and values in order, and repeats them if the prefix is longer than the text.
  public func start(_ adapter: Adapter, from activations: [AttentionActivations]) {
    let trained = Dictionary(uniqueKeysWithValues: adapter.parameters.map { ($0.name, $0) })
    for attention in activations {
      for (name, tokens) in [("prefix_keys", attention.keys), ("prefix_values", attention.values)] {
        guard let parameter = trained[attention.path.parameter(name)] else { continue }
        for i in parameter.values.indices { parameter.values[i] = tokens[i % tokens.count] }
      }
    }
  }
}
