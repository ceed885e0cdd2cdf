import GraftCore

/// The order in which training examples come: a function of the seed and the epoch.
struct ExampleOrder {
  let seed: UInt64
  let shuffles: Bool

  /// The examples that are taken at all: shuffled first, so that a limit takes from everywhere.
  func selection(of count: Int, limit: Int?) -> [Int] {
    Array(order(of: count, purpose: "selection").prefix(limit ?? count))
  }

  /// Examples to evaluate on, taken from those to train on: drawn by the seed, or the last ones; the same share of every
  /// class, as near as whole examples allow, and never a class's last one.
  func heldOut(_ share: Double, of targets: [Target]) -> [Int] {
    let order = shuffles ? order(of: targets.count, purpose: "held out") : Array(targets.indices.reversed())
    let classes = Dictionary(grouping: order) { targets[$0].label }
    let wanted = min(max(1, Int((share * Double(targets.count)).rounded())), targets.count - 1)
    // Whole parts first, then the classes with the largest rests.
    var counts = classes.mapValues { min(Int(share * Double($0.count)), $0.count - 1) }
    let byRest = classes.keys.sorted { a, b in
      func rest(_ label: Int) -> Double {
        let exact = share * Double(classes[label]?.count ?? 0)
        return exact - exact.rounded(.down)
      }
      return (rest(a), b) > (rest(b), a)
    }
    var left = wanted - counts.values.reduce(0, +)
    for label in byRest where left > 0 {
      guard let size = classes[label]?.count, let count = counts[label], count < size - 1 else { continue }
      counts[label] = count + 1
      left -= 1
    }
    return classes.flatMap { label, examples in examples.prefix(counts[label] ?? 0) }
  }

  /// The order of one epoch.
  func epoch(_ epoch: Int, of count: Int) -> [Int] { order(of: count, purpose: "epoch \(epoch)") }

  private func order(of count: Int, purpose: String) -> [Int] {
    guard shuffles else { return Array(0..<count) }
    var random = RandomStream(seed: seed, purpose: purpose)
    return (0..<count).shuffled(using: &random)
  }
}
