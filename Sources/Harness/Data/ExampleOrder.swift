import GraftCore

/// The order in which training examples come: a function of the seed and the epoch.
struct ExampleOrder {
  let seed: UInt64
  let shuffles: Bool

  /// The examples that are taken at all: shuffled first, so that a limit takes from everywhere.
  func selection(of count: Int, limit: Int?) -> [Int] {
    Array(order(of: count, purpose: "selection").prefix(limit ?? count))
  }

  /// Examples to evaluate on, taken from those to train on: drawn by the seed, or the last ones.
  func heldOut(_ count: Int, of all: Int) -> [Int] {
    shuffles ? Array(order(of: all, purpose: "held out").prefix(count)) : Array(all - count..<all)
  }

  /// The order of one epoch.
  func epoch(_ epoch: Int, of count: Int) -> [Int] { order(of: count, purpose: "epoch \(epoch)") }

  private func order(of count: Int, purpose: String) -> [Int] {
    guard shuffles else { return Array(0..<count) }
    var random = RandomStream(seed: seed, purpose: purpose)
    return (0..<count).shuffled(using: &random)
  }
}
