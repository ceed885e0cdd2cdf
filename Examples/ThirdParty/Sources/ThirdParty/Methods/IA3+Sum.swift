import GraftCore

extension IA3: SummableMethod {
  /// Returns the weighted sum of the changes: `l = 1 + Σ w (l_i - 1)`, so that the merged weights differ from the base's by the
  /// weighted sum of the adapters' differences. It is exact for both kinds of sums. With weights that add up to 1, it is the
  /// weighted mean of the vectors.
  public static func sum(_ terms: [AdapterTerm], _ way: AdapterSum) throws -> (
    method: any ParameterEfficientMethod, values: [String: [Float]]
  ) {
    let scales = try terms.map { term in
      try term.adapter.projections.map { path, layer in
        guard let scale = layer as? any Scale else {
          throw AdapterError.cannotSum(term.adapter.id, reason: "it has something other than vectors at \(path)")
        }
        return (path: path, scale: scale)
      }
    }
    let places = scales[0].map { "\($0.path) \(type(of: $0.scale))" }
    var values: [String: [Float]] = [:]
    for (term, scales) in zip(terms, scales) {
      guard scales.map({ "\($0.path) \(type(of: $0.scale))" }) == places else {
        throw AdapterError.cannotSum(
          term.adapter.id,
          reason: "its targets differ from those of '\(terms[0].adapter.id)'; stack the adapters instead")
      }
      for (path, scale) in scales {
        let sum = values[path.parameter("ia3_l")] ?? Array(repeating: 1, count: scale.vector.count)
        values[path.parameter("ia3_l")] = zip(sum, scale.vector.values).map { $0 + term.weight * ($1 - 1) }
      }
    }
    return (terms[0].adapter.method, values)
  }
}
