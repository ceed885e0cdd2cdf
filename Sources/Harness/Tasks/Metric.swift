import Foundation
import GraftInference

/// An evaluation metric, as defined by GLUE; the names are those of Hugging Face's `evaluate`.
///
/// A metric that is undefined for some predictions, such as the correlation with a constant, is `nil`, not 0.
public enum Metric: String, Sendable, Codable, CaseIterable {
  /// The fraction of examples with the correct class.
  case accuracy
  /// The harmonic mean of precision and recall for the second class: `2 TP / (2 TP + FP + FN)`. (van Rijsbergen, 1979.)
  case f1
  /// Matthews's correlation of predicted and actual classes. (Matthews, 1975.)
  case matthews = "matthews_correlation"
  /// Pearson's correlation. (Pearson, 1895.)
  case pearson
  /// Spearman's rank correlation; equal numbers share a rank. (Spearman, 1904.)
  case spearman

  /// Returns a metric's title in tables: `accuracy`, `F1`, `Matthews`, `accuracy mismatched`.
  public static func title(of name: String) -> String {
    name.replacing("matthews_correlation", with: "Matthews").replacing("f1", with: "F1")
      .replacing("pearson", with: "Pearson").replacing("spearman", with: "Spearman").replacing("_", with: " ")
  }

  /// Returns the metric's value, or `nil` if it is undefined.
  ///
  /// - Parameters:
  ///   - outputs: The model's outputs, one array per example.
  ///   - targets: The targets, one per example.
  package func value(_ outputs: [[Float]], _ targets: [Target]) -> Double? {
    guard !targets.isEmpty else { return nil }
    switch self {
    case .accuracy:
      let correct = zip(outputs, targets).count { argmax($0) == $1.label }
      return Double(correct) / Double(targets.count)
    case .f1:
      let table = Self.confusion(outputs, targets)
      let all = 2 * table.truePositive + table.falsePositive + table.falseNegative
      return all == 0 ? nil : Double(2 * table.truePositive) / Double(all)
    case .matthews:
      return Self.multiclassMatthews(outputs.map(argmax), targets.map(\.label))
    case .pearson: return Self.correlation(outputs.map { Double($0[0]) }, targets.map { Double($0.value) })
    case .spearman:
      return Self.correlation(
        Self.ranks(outputs.map { Double($0[0]) }), Self.ranks(targets.map { Double($0.value) }))
    }
  }

  private static func confusion(_ outputs: [[Float]], _ targets: [Target]) -> (
    truePositive: Int, falsePositive: Int, falseNegative: Int
  ) {
    var table = (truePositive: 0, falsePositive: 0, falseNegative: 0)
    for (output, target) in zip(outputs, targets) {
      switch (argmax(output) == 1, target.label == 1) {
      case (true, true): table.truePositive += 1
      case (true, false): table.falsePositive += 1
      case (false, true): table.falseNegative += 1
      case (false, false): break
      }
    }
    return table
  }

  /// Returns Gorodkin's correlation for any number of classes, which equals Matthews's for two.
  private static func multiclassMatthews(_ predictions: [Int], _ labels: [Int]) -> Double? {
    var predicted: [Int: Double] = [:]
    var actual: [Int: Double] = [:]
    for (prediction, label) in zip(predictions, labels) {
      predicted[prediction, default: 0] += 1
      actual[label, default: 0] += 1
    }
    let count = Double(labels.count)
    let correct = Double(zip(predictions, labels).count { $0 == $1 })
    let expected = predicted.reduce(0) { $0 + $1.value * (actual[$1.key] ?? 0) }
    let spread = { (counts: [Int: Double]) in count * count - counts.values.reduce(0) { $0 + $1 * $1 } }
    let product = spread(predicted) * spread(actual)
    return product == 0 ? nil : (correct * count - expected) / product.squareRoot()
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
