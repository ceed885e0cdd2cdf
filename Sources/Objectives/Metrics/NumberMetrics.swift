import Foundation

/// Metrics of numbers.
extension Metric {
  /// Pearson's correlation. (Pearson, 1895.)
  public static let pearson = Metric(name: "pearson") { outputs, targets in
    correlation(outputs.map { Double($0[0]) }, targets.map { Double($0.value) })
  }

  /// Spearman's rank correlation; equal numbers share a rank. (Spearman, 1904.)
  public static let spearman = Metric(name: "spearman") { outputs, targets in
    correlation(ranks(outputs.map { Double($0[0]) }), ranks(targets.map { Double($0.value) }))
  }

  private static func correlation(_ a: [Double], _ b: [Double]) -> Double? {
    let meanA = a.reduce(0, +) / Double(a.count)
    let meanB = b.reduce(0, +) / Double(b.count)
    var product = 0.0
    var squareA = 0.0
    var squareB = 0.0
    for (x, y) in zip(a, b) {
      product += (x - meanA) * (y - meanB)
      squareA += (x - meanA) * (x - meanA)
      squareB += (y - meanB) * (y - meanB)
    }
    guard squareA > 0, squareB > 0 else { return nil }
    return max(-1, min(1, product / (squareA.squareRoot() * squareB.squareRoot())))
  }

  /// Returns each number's rank, from 1; equal numbers get the mean of their ranks.
  private static func ranks(_ numbers: [Double]) -> [Double] {
    let order = numbers.indices.sorted { numbers[$0] < numbers[$1] }
    var ranks = [Double](repeating: 0, count: numbers.count)
    var first = 0
    while first < order.count {
      var end = first + 1
      while end < order.count, numbers[order[end]] == numbers[order[first]] { end += 1 }
      for position in first..<end { ranks[order[position]] = Double(first + end + 1) / 2 }
      first = end
    }
    return ranks
  }
}
