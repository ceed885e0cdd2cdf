import GraftCore

/// The order of training examples, which is a function of the seed and the epoch.
struct ExampleOrder {
  let seed: UInt64
  let shuffles: Bool

  /// Returns the examples to use. They are shuffled before the limit is applied, so that they come from the whole file.
  func selection(of count: Int, limit: Int?) -> some Collection<Int> {
    compactOrder(of: count, purpose: "selection").prefix(limit ?? count).lazy.map { Int($0) }
  }

  /// Chooses the held-out examples among the training examples: at random, or the last ones if shuffling is off. Every
  /// group contributes the same fraction, as nearly as whole examples allow, and keeps at least one training example.
  ///
  /// - Parameters:
  ///   - share: The fraction to hold out.
  ///   - total: The number of examples.
  ///   - groups: The group of each example, such as its class; empty for a single group.
  /// - Returns: For each example, whether it is held out.
  func heldOut(_ share: Double, of total: Int, groups: [UInt32]) -> [Bool] {
    func group(_ number: Int) -> Int { groups.isEmpty ? 0 : Int(groups[number]) }
    var sizes: [Int: Int] = [:]
    for number in 0..<total { sizes[group(number), default: 0] += 1 }
    let target = min(max(1, Int((share * Double(total)).rounded())), total - 1)
    // Largest remainder method: whole parts first, then the groups with the largest remainders.
    var counts = sizes.mapValues { min(Int(share * Double($0)), $0 - 1) }
    let byRemainder = sizes.keys.sorted { a, b in
      func remainder(_ group: Int) -> Double {
        let exact = share * Double(sizes[group] ?? 0)
        return exact - exact.rounded(.down)
      }
      return (remainder(a), b) > (remainder(b), a)
    }
    var missing = target - counts.values.reduce(0, +)
    for group in byRemainder where missing > 0 {
      guard let size = sizes[group], let count = counts[group], count < size - 1 else { continue }
      counts[group] = count + 1
      missing -= 1
    }
    var isHeldOut = [Bool](repeating: false, count: total)
    let order = compactOrder(of: total, purpose: "held out")
    for element in shuffles ? order : order.reversed() {
      let number = Int(element)
      guard let remaining = counts[group(number)], remaining > 0 else { continue }
      counts[group(number)] = remaining - 1
      isHeldOut[number] = true
    }
    return isHeldOut
  }

  /// Returns the order of one epoch.
  func epoch(_ epoch: Int, of count: Int) -> [Int] { order(of: count, purpose: "epoch \(epoch)") }

  private func order(of count: Int, purpose: String) -> [Int] {
    compactOrder(of: count, purpose: purpose).map { Int($0) }
  }

  /// Returns an order of 32-bit numbers, to save memory for tables of millions of rows. Shuffling draws the same random
  /// numbers for any element type.
  private func compactOrder(of count: Int, purpose: String) -> [UInt32] {
    let order = 0..<UInt32(count)
    guard shuffles else { return Array(order) }
    var random = RandomStream(seed: seed, purpose: purpose)
    return order.shuffled(using: &random)
  }
}
