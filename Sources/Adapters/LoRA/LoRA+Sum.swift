public import GraftCore

extension LoRA: SummableMethod {
  /// As peft's `add_weighted_adapter`: the new scale is one, the weights and old scales are worked into the matrices.
  public static func sum(_ terms: [AdapterTerm], _ way: AdapterSum) throws -> (
    method: any ParameterEfficientMethod, values: [String: [Float]]
  ) {
    let parts = try terms.map { (updates: try updates(of: $0.adapter), weight: $0.weight) }
    let (first, targets) = (terms[0].adapter, parts[0].updates.map(\.path))
    for (term, part) in zip(terms, parts) where part.updates.map(\.path) != targets {
      throw AdapterError.cannotSum(
        term.adapter.id, reason: "its targets are not those of '\(first.id)'; stack them instead")
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
            reason: "its rank at \(path) is not that of '\(first.id)'; sum them concatenated instead")
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

  /// The low-rank updates of an adapter, in the model's order.
  private static func updates(of adapter: Adapter) throws -> [(path: ModulePath, update: LowRankUpdate)] {
    try adapter.projections.map { path, layer in
      guard let update = layer as? LowRankUpdate else {
        throw AdapterError.cannotSum(
          adapter.id, reason: "DoRA trains lengths of rows, which have no sum; use it attached")
      }
      return (path, update)
    }
  }

  /// Rows of `w s A` below each other, columns of B side by side.
  private static func concatenate(_ terms: [(LowRankUpdate, Float)]) -> (a: [Float], b: [Float], rank: Int) {
    let a = terms.flatMap { update, weight in update.a.values.map { $0 * weight * update.scale } }
    let b = (0..<terms[0].0.b.rows).flatMap { row in
      terms.flatMap { update, _ in update.b.values[row * update.b.columns..<(row + 1) * update.b.columns] }
    }
    return (a, b, terms.reduce(0) { $0 + $1.0.a.rows })
  }

  /// The sum of A times the root of `w s`, which has its sign.
  private static func add(_ terms: [(LowRankUpdate, Float)]) -> [Float] {
    terms[0].0.a.values.indices.map { i in
      terms.reduce(0) { sum, term in
        let factor = term.1 * term.0.scale
        return sum + (factor < 0 ? -1 : 1) * abs(factor).squareRoot() * term.0.a.values[i]
      }
    }
  }

  /// The sum of B times the root of `|w s|`.
  private static func addB(_ terms: [(LowRankUpdate, Float)]) -> [Float] {
    terms[0].0.b.values.indices.map { i in
      terms.reduce(0) { $0 + abs($1.1 * $1.0.scale).squareRoot() * $1.0.b.values[i] }
    }
  }

  /// The options of an adapter with these ranks, and a scale of one everywhere.
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
