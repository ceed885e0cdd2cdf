import Foundation

/// What counts as good, as GLUE counts it; the names are those of Hugging Face's `evaluate`.
///
/// A metric that a set of answers leaves undefined, such as a correlation with a constant, has no value: that is not 0.
public enum Metric: String, Sendable, Codable, CaseIterable {
  /// The share of examples whose class is right.
  case accuracy
  /// The harmonic mean of precision and recall of the second class: `2 TP / (2 TP + FP + FN)`. (van Rijsbergen, 1979.)
  case f1
  /// The correlation of two kinds of classes. (Matthews, 1975.)
  case matthews = "matthews_correlation"
  /// The correlation of numbers. (Pearson, 1895.)
  case pearson
  /// The correlation of ranks, equal numbers sharing theirs. (Spearman, 1904.)
  case spearman

  /// What a metric of this name is called in a table: `accuracy`, `F1`, `Matthews`, `accuracy mismatched`.
  public static func title(of name: String) -> String {
    name.replacing("matthews_correlation", with: "Matthews").replacing("f1", with: "F1")
      .replacing("pearson", with: "Pearson").replacing("spearman", with: "Spearman").replacing("_", with: " ")
  }

  /// The value for answers of the model, an array of outputs an example, or `nil` where it is not defined.
  package func value(_ outputs: [[Float]], _ targets: [Target]) -> Double? {
    guard !targets.isEmpty else { return nil }
    switch self {
    case .accuracy:
      let right = zip(outputs, targets).count { Self.answer($0) == $1.label }
      return Double(right) / Double(targets.count)
    case .f1:
      let table = Self.confusion(outputs, targets)
      let all = 2 * table.truePositive + table.falsePositive + table.falseNegative
      return all == 0 ? nil : Double(2 * table.truePositive) / Double(all)
    case .matthews:
      return Self.multiclassMatthews(outputs.map(Self.answer), targets.map(\.label))
    case .pearson: return Self.correlation(outputs.map { Double($0[0]) }, targets.map { Double($0.value) })
    case .spearman:
      return Self.correlation(
        Self.ranks(outputs.map { Double($0[0]) }), Self.ranks(targets.map { Double($0.value) }))
    }
  }

  /// The class of the largest output; the first of equals.
  static func answer(_ outputs: [Float]) -> Int { outputs.indices.max { outputs[$0] < outputs[$1] } ?? 0 }

  private static func confusion(_ outputs: [[Float]], _ targets: [Target]) -> (
    truePositive: Int, falsePositive: Int, falseNegative: Int
  ) {
    var table = (truePositive: 0, falsePositive: 0, falseNegative: 0)
    for (output, target) in zip(outputs, targets) {
      switch (answer(output) == 1, target.label == 1) {
      case (true, true): table.truePositive += 1
      case (true, false): table.falsePositive += 1
      case (false, true): table.falseNegative += 1
      case (false, false): break
      }
    }
    return table
  }

  /// Gorodkin's correlation for any number of classes, which for two is Matthews's.
  private static func multiclassMatthews(_ answers: [Int], _ labels: [Int]) -> Double? {
    var (predicted, actual): ([Int: Double], [Int: Double]) = ([:], [:])
    for (answer, label) in zip(answers, labels) {
      predicted[answer, default: 0] += 1
      actual[label, default: 0] += 1
    }
    let count = Double(labels.count)
    let right = Double(zip(answers, labels).count { $0 == $1 })
    let mixed = predicted.reduce(0) { $0 + $1.value * (actual[$1.key] ?? 0) }
    let spread = { (counts: [Int: Double]) in count * count - counts.values.reduce(0) { $0 + $1 * $1 } }
    let product = spread(predicted) * spread(actual)
    return product == 0 ? nil : (right * count - mixed) / product.squareRoot()
  }

  private static func correlation(_ a: [Double], _ b: [Double]) -> Double? {
    let (meanA, meanB) = (a.reduce(0, +) / Double(a.count), b.reduce(0, +) / Double(b.count))
    var (product, squareA, squareB) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      product += (x - meanA) * (y - meanB)
      squareA += (x - meanA) * (x - meanA)
      squareB += (y - meanB) * (y - meanB)
    }
    guard squareA > 0, squareB > 0 else { return nil }
    return max(-1, min(1, product / (squareA.squareRoot() * squareB.squareRoot())))
  }

  /// Each number's place among all, from 1; equal ones get the mean of their places.
  private static func ranks(_ numbers: [Double]) -> [Double] {
    let order = numbers.indices.sorted { numbers[$0] < numbers[$1] }
    var ranks = [Double](repeating: 0, count: numbers.count)
    var first = 0
    while first < order.count {
      var end = first + 1
      while end < order.count, numbers[order[end]] == numbers[order[first]] { end += 1 }
      for place in first..<end { ranks[order[place]] = Double(first + end + 1) / 2 }
      first = end
    }
    return ranks
  }
}
