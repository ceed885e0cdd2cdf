import GraftCore

/// Which differences between methods are more than chance: a bootstrap that resamples seeds and examples.
///
/// Efron, 1979; the same seeds and examples are drawn for both sides of a pair, so that what is hard for both cancels.
/// Several pairs are corrected as Holm, 1979, does.
struct PairedBootstrap {
  /// Draws.
  static let draws = 2000

  /// One pair of methods.
  struct Difference: Codable, Sendable {
    /// The labels.
    let first: String, second: String
    /// The mean of the first over the seeds less that of the second.
    let difference: Double
    /// The interval that holds 95 % of the draws.
    let low: Double, high: Double
    /// The two-sided probability of a difference like this by chance, corrected for the number of pairs.
    let probability: Double
    /// Whether it is below 5 %.
    var isReal: Bool { probability < 0.05 }
  }

  /// The differences of all pairs, in the order of the labels.
  ///
  /// - Parameters:
  ///   - methods: A label with one evaluation for each seed; all have the same seeds and examples.
  ///   - metric: What is compared.
  static func differences(_ methods: [(label: String, runs: [EvaluationRecord])], metric: Metric) -> [Difference] {
    guard let first = methods.first?.runs.first, methods.count > 1 else { return [] }
    let (seeds, examples) = (methods[0].runs.count, first.outputs.count)
    let targets = first.targets
    let usable = methods.filter { method in
      method.runs.count == seeds && method.runs.allSatisfy { $0.targets == targets }
    }
    func value(_ runs: [EvaluationRecord], _ seeds: [Int], _ examples: [Int]?) -> Double? {
      var sum = 0.0
      for seed in seeds {
        let outputs = runs[seed].outputs
        let found =
          examples.map { metric.value($0.map { outputs[$0] }, $0.map { targets[$0] }) }
          ?? metric.value(outputs, targets)
        guard let found else { return nil }
        sum += found
      }
      return sum / Double(seeds.count)
    }
    var random = RandomStream(seed: 0, purpose: "paired bootstrap")
    var drawn = [[Double?]](repeating: [], count: usable.count)
    for _ in 0..<draws {
      let someSeeds = (0..<seeds).map { _ in Int.random(in: 0..<seeds, using: &random) }
      let someExamples = (0..<examples).map { _ in Int.random(in: 0..<examples, using: &random) }
      for (index, method) in usable.enumerated() { drawn[index].append(value(method.runs, someSeeds, someExamples)) }
    }
    var found: [Difference] = []
    for a in usable.indices {
      for b in usable.indices where b > a {
        let differences = zip(drawn[a], drawn[b]).compactMap { x, y in x.flatMap { x in y.map { x - $0 } } }.sorted()
        guard let mean = value(usable[a].runs, Array(0..<seeds), nil),
          let other = value(usable[b].runs, Array(0..<seeds), nil), differences.count > draws / 2
        else { continue }
        let (below, above) = (differences.count { $0 <= 0 }, differences.count { $0 >= 0 })
        found.append(
          Difference(
            first: usable[a].label, second: usable[b].label, difference: mean - other,
            low: differences[differences.count * 25 / 1000],
            high: differences[min(differences.count - 1, differences.count * 975 / 1000)],
            probability: min(1, 2 * Double(min(below, above) + 1) / Double(differences.count + 1))))
      }
    }
    return corrected(found)
  }

  /// Holm: the smallest probability times the number of pairs, the next times one less, and never less than the one before.
  private static func corrected(_ differences: [Difference]) -> [Difference] {
    var result = differences
    var floor = 0.0
    let order = differences.indices.sorted { differences[$0].probability < differences[$1].probability }
    for (rank, index) in order.enumerated() {
      let one = differences[index]
      floor = max(floor, min(1, one.probability * Double(differences.count - rank)))
      result[index] = Difference(
        first: one.first, second: one.second, difference: one.difference, low: one.low, high: one.high,
        probability: floor)
    }
    return result
  }
}
