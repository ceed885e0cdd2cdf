public import GraftCore

extension LoRA: SummableMethod {
  /// Returns a weighted sum, like peft's `add_weighted_adapter`: the new scale is 1, and the weights and previous scales are
  /// multiplied into the matrices.
  public static func sum(_ terms: [AdapterTerm], _ way: AdapterSum) throws -> (
    method: any ParameterEfficientMethod, values: [String: [Float]]
  ) {
    let parts = try terms.map { (updates: try updates(of: $0.adapter), weight: $0.weight) }
    let first = terms[0].adapter
    let targets = parts[0].updates.map(\.path)
    for (term, part) in zip(terms, parts) where part.updates.map(\.path) != targets {
      throw AdapterError.cannotSum(
        term.adapter.id, reason: "its targets differ from those of '\(first.id)'; stack the adapters instead")
    }
    var values: [String: [Float]] = [:]
    var ranks: [Int] = []
    for (index, path) in targets.enumerated() {
      let updates = parts.map { ($0.updates[index].update, $0.weight) }
      let (a, b, rank): ([Float], [Float], Int)
      switch way {
      case .concatenated: (a, b, rank) = concatenate(updates)
      case .linear:
        if let (term, _) = zip(terms, updates).first(where: { $1.0.a.rows != updates[0].0.a.rows }) {
          throw AdapterError.cannotSum(
            term.adapter.id,
            reason: "its rank at \(path) differs from that of '\(first.id)'; use a concatenated sum instead")
        }
        a = add(updates)
        b = addB(updates)
        rank = updates[0].0.a.rows
      }
      (values[path.parameter("lora_A")], values[path.parameter("lora_B")]) = (a, b)
      ranks.append(rank)
    }
    return (LoRA(configuration(targets, ranks, like: first)), values)
  }

  /// Returns the updates of an adapter, in model order.
  private static func updates(of adapter: Adapter) throws -> [(path: ModulePath, update: LowRankUpdate)] {
    try adapter.projections.map { path, layer in
      guard let update = layer as? LowRankUpdate else {
        throw AdapterError.cannotSum(
          adapter.id, reason: "DoRA trains row magnitudes, which can't be summed; leave it attached")
      }
      return (path, update)
    }
  }

  /// Returns the rows of all `w s A` concatenated, and the columns of all B concatenated.
  private static func concatenate(_ terms: [(LowRankUpdate, Float)]) -> (a: [Float], b: [Float], rank: Int) {
    let a = terms.flatMap { update, weight in update.a.values.map { $0 * weight * update.scale } }
    let b = (0..<terms[0].0.b.rows).flatMap { row in
      terms.flatMap { update, _ in update.b.values[row * update.b.columns..<(row + 1) * update.b.columns] }
    }
    return (a, b, terms.reduce(0) { $0 + $1.0.a.rows })
  }

  /// Returns the sum of A times the square root of `|w s|`, with the sign of `w s`.
  private static func add(_ terms: [(LowRankUpdate, Float)]) -> [Float] {
    terms[0].0.a.values.indices.map { i in
      terms.reduce(0) { sum, term in
        let factor = term.1 * term.0.scale
        return sum + (factor < 0 ? -1 : 1) * abs(factor).squareRoot() * term.0.a.values[i]
      }
    }
  }

  /// Returns the sum of B times the square root of `|w s|`.
  private static func addB(_ terms: [(LowRankUpdate, Float)]) -> [Float] {
    terms[0].0.b.values.indices.map { i in
      terms.reduce(0) { $0 + abs($1.1 * $1.0.scale).squareRoot() * $1.0.b.values[i] }
    }
  }

  /// Returns the options of an adapter with these ranks and a scale of 1 everywhere.
  private static func configuration(_ targets: [ModulePath], _ ranks: [Int], like adapter: Adapter) -> LoRAConfiguration
  {
    var configuration = (adapter.method as? LoRA)?.configuration ?? .init()
    configuration.rank = ranks[0]
    configuration.alpha = Double(ranks[0])
    configuration.rankStabilized = false
    configuration.dropout = 0
    configuration.overrides = Set(ranks).subtracting([ranks[0]]).sorted().map { rank in
      let paths = zip(targets, ranks).filter { $0.1 == rank }.map(\.0)
      return .init(targets: TargetModules(paths: paths), rank: rank, alpha: Double(rank))
    }
    return configuration
  }
}
