public import GraftCore

extension Prefix: FoldableMethod {
  /// The same prefix without a projection; `nil` if it has none.
  public var folded: (any ParameterEfficientMethod)? {
    guard configuration.projection != nil else { return nil }
    var flat = configuration
    flat.projection = nil
    return Prefix(flat)
  }

  /// Runs the projections once and stores the resulting keys and values.
  public func fold(_ adapter: Adapter, into plain: Adapter) {
    let trained = Dictionary(uniqueKeysWithValues: adapter.parameters.map { ($0.name, $0) })
    func linear(_ name: String) -> Linear? {
      guard let weight = trained["\(name).weight"], let bias = trained["\(name).bias"] else { return nil }
      return Linear(weight: weight, bias: bias)
    }
    guard let embedding = trained["prefix.embedding"], let first = linear("prefix.projection") else {
      preconditionFailure("a prefix with a projection must have an embedding")
    }
    let pass = Pass()
    for flat in plain.parameters {
      guard let second = linear("\(flat.name)_projection") else { continue }
      let hidden = pass.activate(pass.linear(pass.tensor(embedding), first), .tanh)
      let result = pass.linear(hidden, second)
      for i in flat.values.indices { flat.values[i] = result.values[i] }
    }
  }
}
