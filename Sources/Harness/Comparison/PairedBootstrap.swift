import GraftCore
import GraftObjectives

/// A significance test of the differences between methods: a bootstrap that resamples seeds and examples.
///
/// A difference also has to pass a t-test over the seeds, because resampling a handful of seeds underestimates how much other seeds
/// would differ. The bootstrap follows Efron, 1979. Both methods of a pair use the same resampled seeds and examples, so that their common
/// variation cancels out. The correction for several pairs follows Holm, 1979.
struct PairedBootstrap {
  /// The smallest number of bootstrap samples.
  private static let fewestDraws = 2000
  /// The number of bootstrap samples for each pair; otherwise the correction would make small p-values impossible.
  private static let drawsPerPair = 100
  /// The smallest number of seeds for which differences are tested. With fewer, resampling them says little about other seeds.
  static let minimumSeeds = 5

  /// The difference between two methods.
  struct Difference: Codable, Sendable {
    /// The labels of the two methods.
    let first: String, second: String
    /// The first method's mean over the seeds minus the second's.
    let difference: Double
    /// The bounds of the interval that contains 95 % of the bootstrap samples.
    let low: Double, high: Double
    /// The two-sided p-value, corrected for the number of pairs; `nil` with too few seeds for a test.
    let probability: Double?
    /// Whether the p-value is below 5 %.
    var isSignificant: Bool { probability.map { $0 < 0.05 } ?? false }
  }

  /// Returns the differences of all pairs, in the order of the labels. Methods that lack a seed that another one has, or were
  /// evaluated on other examples with a seed than the first complete one, are omitted.
  ///
  /// - Parameters:
  ///   - methods: The methods' labels, each with one evaluation per seed.
  ///   - objective: The objective, whose main metric is compared.
  static func differences(_ methods: [(label: String, runs: [EvaluationRecord])], objective: any Objective)
    -> [Difference]
  {
    let metric = objective.metrics[0]
    let seeds = methods.map(\.runs.count).max() ?? 0
    guard let complete = methods.first(where: { $0.runs.count == seeds }), seeds > 0, methods.count > 1 else {
      return []
    }
    // Examples that are held out by seed differ between seeds, but not between methods.
    let targets = complete.runs.map(\.targets)
    let isShared = targets.allSatisfy { $0 == targets[0] }
    let usable = methods.filter { method in
      method.runs.count == seeds
        && zip(method.runs, targets).allSatisfy { $0.targets == $1 && $0.belongs(to: objective) }
    }
    /// Returns the mean over samples, each of which is a seed with the indices of its examples, or `nil` for all examples.
    func value(_ runs: [EvaluationRecord], _ samples: [(seed: Int, examples: [Int]?)]) -> Double? {
      var sum = 0.0
      for (seed, examples) in samples {
        let outputs = runs[seed].outputs
        let result =
          examples.map { metric.value($0.map { outputs[$0] }, $0.map { targets[seed][$0] }) }
          ?? metric.value(outputs, targets[seed])
        guard let result else { return nil }
        sum += result
      }
      return sum / Double(samples.count)
    }
    let draws = max(fewestDraws, drawsPerPair * usable.count * (usable.count - 1) / 2)
    var random = RandomStream(seed: 0, purpose: "paired bootstrap")
    func sampled(_ count: Int) -> [Int] { (0..<count).map { _ in Int.random(in: 0..<count, using: &random) } }
    let all = (0..<seeds).map { (seed: $0, examples: [Int]?.none) }
    var samples = [[Double?]](repeating: [], count: usable.count)
    for _ in 0..<draws {
      let sampledSeeds = sampled(seeds)
      let shared = isShared ? sampled(targets[0].count) : nil
      let sample = sampledSeeds.map { seed in (seed: seed, examples: shared ?? sampled(targets[seed].count)) }
      for (index, method) in usable.enumerated() { samples[index].append(value(method.runs, sample)) }
    }
    var results: [Difference] = []
    for a in usable.indices {
      for b in usable.indices where b > a {
        let differences = zip(samples[a], samples[b])
          .compactMap { x, y in x.flatMap { x in y.map { x - $0 } } }.sorted()
        guard let firstMean = value(usable[a].runs, all),
          let secondMean = value(usable[b].runs, all), differences.count > draws / 2
        else { continue }
        let bySeed = all.compactMap { seed in
          value(usable[a].runs, [seed]).flatMap { first in value(usable[b].runs, [seed]).map { first - $0 } }
        }
        let below = differences.count { $0 <= 0 }
        let above = differences.count { $0 >= 0 }
        results.append(
          Difference(
            first: usable[a].label, second: usable[b].label, difference: firstMean - secondMean,
            low: differences[differences.count * 25 / 1000],
            high: differences[min(differences.count - 1, differences.count * 975 / 1000)],
            probability: seeds < minimumSeeds
              ? nil
              : max(
                PairedTTest.probability(bySeed),
                min(1, 2 * Double(min(below, above) + 1) / Double(differences.count + 1)))))
      }
    }
    return corrected(results)
  }

  /// Applies Holm's correction: the smallest p-value is multiplied by the number of pairs, the next one by one less, and so
  /// on; no corrected value is below the previous one.
  private static func corrected(_ differences: [Difference]) -> [Difference] {
    var result = differences
    var floor = 0.0
    let tested = differences.indices.compactMap { index in
      differences[index].probability.map { (index: index, probability: $0) }
    }.sorted { $0.probability < $1.probability }
    for (rank, (index, probability)) in tested.enumerated() {
      let pair = differences[index]
      floor = max(floor, min(1, probability * Double(tested.count - rank)))
      result[index] = Difference(
        first: pair.first, second: pair.second, difference: pair.difference, low: pair.low, high: pair.high,
        probability: floor)
    }
    return result
  }
}
