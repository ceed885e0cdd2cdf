/// Metrics of sets of labels. A label is predicted if its logit is at least 0, which is a probability of at least 1/2.
extension Metric {
  /// F1 over all pairs of a text and a label.
  public static let microF1 = Metric(name: "micro_f1") { outputs, targets in
    counts(outputs, targets).reduce(into: PositiveCounts()) { $0.add($1) }.f1
  }

  /// The mean of the labels' F1. As in scikit-learn, a label that neither occurs nor is predicted counts as 0.
  public static let macroF1 = Metric(name: "macro_f1") { outputs, targets in
    let scores = counts(outputs, targets).map { $0.f1 ?? 0 }
    return scores.isEmpty ? nil : scores.reduce(0, +) / Double(scores.count)
  }

  /// The labels that outputs predict.
  static func positives(_ outputs: [Float]) -> [Int] { outputs.indices.filter { outputs[$0] >= 0 } }

  /// Returns the counts of each label.
  static func counts(_ outputs: [[Float]], _ targets: [Target]) -> [PositiveCounts] {
    var counts = [PositiveCounts](repeating: PositiveCounts(), count: outputs[0].count)
    for (output, target) in zip(outputs, targets) {
      let actual = Set(target.labels)
      for label in output.indices { counts[label].add(output[label] >= 0, isTrue: actual.contains(label)) }
    }
    return counts
  }
}

/// The true and false positives and the false negatives of one class or label.
struct PositiveCounts {
  private var truePositive = 0
  private var falsePositive = 0
  private var falseNegative = 0

  /// Counts a prediction.
  mutating func add(_ isPredicted: Bool, isTrue: Bool) {
    switch (isPredicted, isTrue) {
    case (true, true): truePositive += 1
    case (true, false): falsePositive += 1
    case (false, true): falseNegative += 1
    case (false, false): break
    }
  }

  /// Adds the counts of another label.
  mutating func add(_ other: PositiveCounts) {
    truePositive += other.truePositive
    falsePositive += other.falsePositive
    falseNegative += other.falseNegative
  }

  /// The number of true cases.
  var support: Int { truePositive + falseNegative }

  /// `TP / (TP + FP)`; `nil` without predicted cases.
  var precision: Double? { share(of: truePositive + falsePositive) }

  /// `TP / (TP + FN)`; `nil` without true cases.
  var recall: Double? { share(of: support) }

  private func share(of all: Int) -> Double? { all == 0 ? nil : Double(truePositive) / Double(all) }

  /// `2 TP / (2 TP + FP + FN)`; `nil` without any positive.
  var f1: Double? {
    let all = 2 * truePositive + falsePositive + falseNegative
    return all == 0 ? nil : Double(2 * truePositive) / Double(all)
  }
}
