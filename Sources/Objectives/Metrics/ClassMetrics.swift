/// Metrics of classes.
extension Metric {
  /// The fraction of examples with the correct class.
  public static let accuracy = Metric(name: "accuracy") { outputs, targets in
    let correct = zip(outputs, targets).count { argmax($0) == $1.label }
    return Double(correct) / Double(targets.count)
  }

  /// The harmonic mean of precision and recall for the second class. (van Rijsbergen, 1979.)
  public static let f1 = Metric(name: "f1") { outputs, targets in
    var counts = PositiveCounts()
    for (output, target) in zip(outputs, targets) { counts.add(argmax(output) == 1, isTrue: target.label == 1) }
    return counts.f1
  }

  /// Matthews's correlation of predicted and actual classes. (Matthews, 1975.)
  public static let matthews = Metric(name: "matthews_correlation") { outputs, targets in
    multiclassMatthews(outputs.map(argmax), targets.map(\.label))
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
}
