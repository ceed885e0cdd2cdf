import GraftCore

/// The order in which training examples come: a function of the seed and the epoch.
struct ExampleOrder {
  let seed: UInt64
  let shuffles: Bool

  /// The examples that are taken at all: shuffled first, so that a limit takes from everywhere.
  func selection(of count: Int, limit: Int?) -> some Collection<Int> {
    compactOrder(of: count, purpose: "selection").prefix(limit ?? count).lazy.map { Int($0) }
  }

  /// Examples to evaluate on, taken from those to train on: drawn by the seed, or the last ones; the same share of every
  /// class, as near as whole examples allow, and never a class's last one.
  ///
  /// - Returns: For each example, whether it is held out.
  func heldOut(_ share: Double, of index: ExampleIndex) -> [Bool] {
    let total = index.total
    func label(_ number: Int) -> Int { index.classes.isEmpty ? 0 : Int(index.classes[number]) }
    var sizes: [Int: Int] = [:]
    for number in 0..<total { sizes[label(number), default: 0] += 1 }
    let wanted = min(max(1, Int((share * Double(total)).rounded())), total - 1)
    // Whole parts first, then the classes with the largest rests.
    var counts = sizes.mapValues { min(Int(share * Double($0)), $0 - 1) }
    let byRest = sizes.keys.sorted { a, b in
      func rest(_ label: Int) -> Double {
        let exact = share * Double(sizes[label] ?? 0)
        return exact - exact.rounded(.down)
      }
      return (rest(a), b) > (rest(b), a)
    }
    var left = wanted - counts.values.reduce(0, +)
    for label in byRest where left > 0 {
      guard let size = sizes[label], let count = counts[label], count < size - 1 else { continue }
      counts[label] = count + 1
      left -= 1
    }
    var isHeld = [Bool](repeating: false, count: total)
    let order = compactOrder(of: total, purpose: "held out")
    for place in shuffles ? order : order.reversed() {
      let number = Int(place)
      guard let left = counts[label(number)], left > 0 else { continue }
      counts[label(number)] = left - 1
      isHeld[number] = true
    }
    return isHeld
  }

  /// The order of one epoch.
  func epoch(_ epoch: Int, of count: Int) -> [Int] { order(of: count, purpose: "epoch \(epoch)") }

  private func order(of count: Int, purpose: String) -> [Int] {
    compactOrder(of: count, purpose: purpose).map { Int($0) }
  }

  /// Half the memory, for tables of millions of rows; shuffling draws the same numbers whatever it moves.
  private func compactOrder(of count: Int, purpose: String) -> [UInt32] {
    let order = 0..<UInt32(count)
    guard shuffles else { return Array(order) }
    var random = RandomStream(seed: seed, purpose: purpose)
    return order.shuffled(using: &random)
  }
}
