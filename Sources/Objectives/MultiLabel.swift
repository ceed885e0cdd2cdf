import Foundation
public import GraftCore
import GraftSupport

/// Any number of labels per text: a sigmoid and the binary cross-entropy for each label.
public struct MultiLabel: Objective {
  /// `multi_label`
  public static let name = "multi_label"
  /// One label is enough.
  public static let labelCounts = 1...maximumLabelCount
  /// `multi_label_classification`
  public static let problemType: String? = "multi_label_classification"
  /// `multilabel_classification`
  public static let adapterHubHead: String? = "multilabel_classification"

  /// The labels as written in files.
  public var labels: [String] { labelSet.written }
  /// The meaning of the labels.
  public var labelNames: [String] { labelSet.names }
  /// The metrics; runs are compared by the first one.
  public let metrics: [Metric]
  private let labelSet: LabelSet

  /// Creates the objective.
  ///
  /// - Parameters:
  ///   - labels: The labels as written in files, all different.
  ///   - labelNames: The meaning of each label; `nil` uses the labels.
  ///   - metrics: The metrics; runs are compared by the first one.
  public init(labels: [String], labelNames: [String]? = nil, metrics: [Metric] = [.microF1, .macroF1]) {
    precondition(!metrics.isEmpty && Set(metrics).count == metrics.count, "at least one metric, and each only once")
    labelSet = LabelSet(labels, names: labelNames, atLeast: 1)
    self.metrics = metrics
  }

  /// Creates the objective for labels that are their own names.
  public init(labelNames: [String]) { self.init(labels: labelNames) }

  /// Such as `5 labels, any number of them per text`.
  public var summary: String {
    labels.count == 1 ? "1 label, which a text may have or not" : "\(labels.count) labels, any number of them per text"
  }

  /// Returns the labels of a list, or a single label.
  public static func labels(in field: TargetField) throws(TargetError) -> [String] {
    let labels = try field.items()
    guard !labels.contains("") else {
      throw TargetError("got an empty label; write [] for a text without labels")
    }
    var seen: Set<String> = []
    if let repeated = labels.first(where: { !seen.insert($0).inserted }) {
      throw TargetError("got the label \(quoted(repeated)) twice; give each label once")
    }
    return labels
  }

  /// Returns the set of labels in a field.
  public func target(_ field: TargetField) throws(TargetError) -> Target {
    var target: [Int] = []
    for label in try Self.labels(in: field) {
      target.append(try labelSet.index(of: label, expected: "some"))
    }
    return .labels(target.sorted())
  }

  /// Checks that a target is a set of labels.
  public func check(_ target: Target) throws(TargetError) {
    guard case .labels(let labels) = target else {
      throw TargetError("expected a set of labels, because the objective is multi_label")
    }
    guard zip(labels, labels.dropFirst()).allSatisfy({ $0 < $1 }), labels.allSatisfy(labelSet.written.indices.contains)
    else {
      throw TargetError("expected labels from 0 to \(labelSet.written.count - 1) in increasing order, got \(labels)")
    }
  }

  /// Groups texts by their rarest label, so that rare labels are held out as often as common ones. (A single pass of the method
  /// of Sechidis et al., "On the stratification of multi-label data", 2011.)
  public func groups(_ targets: [(target: Target, count: Int)]) -> [Int] {
    var counts = [Int](repeating: 0, count: labels.count)
    for (target, count) in targets { for label in target.labels { counts[label] += count } }
    let groups = targets.map { target, _ in target.labels.min { (counts[$0], $0) < (counts[$1], $1) } ?? labels.count }
    // Without a group of two texts, no text could be held out.
    let largest = Dictionary(zip(groups, targets.map(\.count)), uniquingKeysWith: +).values.max() ?? 0
    return largest > 1 ? groups : Array(repeating: 0, count: targets.count)
  }

  /// The mean of the labels' binary cross-entropies.
  public func loss(_ outputs: Tensor, _ targets: ArraySlice<Target>, weight: Float, in pass: Pass) -> Double {
    pass.binaryCrossEntropy(
      outputs, targets: targets.flatMap { target in Self.indicators(target, count: labels.count) }, weight: weight)
  }

  /// The mean of the labels' binary cross-entropies.
  public func loss(_ outputs: [Float], _ target: Target) -> Double {
    let terms = zip(outputs, Self.indicators(target, count: labels.count)).map { output, indicator in
      let x = Double(output)
      return max(x, 0) - x * Double(indicator) + log1p(exp(-abs(x)))
    }
    return terms.reduce(0, +) / Double(terms.count)
  }

  /// 1 for each label that a target has, 0 for the others.
  private static func indicators(_ target: Target, count: Int) -> [Float] {
    var indicators = [Float](repeating: 0, count: count)
    for label in target.labels { indicators[label] = 1 }
    return indicators
  }

  /// The labels with a probability of at least 1/2.
  public func answer(_ outputs: [Float]) -> Answer {
    let probabilities = outputs.map { 1 / (1 + exp(-Double($0))) }
    let given = chosen(outputs).map { labelNames[$0] }
    return Answer(
      text: given.isEmpty ? "(no label)" : LabelNames.text(given), labels: given, probabilities: probabilities,
      json: ["labels": .strings(given), "probabilities": .array(probabilities.map(JSONValue.number))])
  }

  /// The labels with a probability of at least 1/2, as a JSON list.
  public func written(_ outputs: [Float]) -> String {
    (try? snakeCaseJSON(chosen(outputs).map { labels[$0] }, pretty: false)) ?? ""
  }

  /// The labels that at least half of the training examples have.
  public func baseline(_ training: [Target]) -> Baseline {
    var counts = [Int](repeating: 0, count: labels.count)
    for target in training { for label in target.labels { counts[label] += 1 } }
    return .majorities(
      summary: "the labels that at least half of the training examples have", positives: counts, of: training.count)
  }

  /// The scores of each label.
  public func details(_ outputs: [[Float]], _ targets: [Target]) -> EvaluationDetails {
    EvaluationDetails(
      classes: zip(labelNames, Metric.counts(outputs, targets)).map(EvaluationDetails.ClassScores.init))
  }

  private func chosen(_ outputs: [Float]) -> [Int] { Metric.positives(outputs) }
}
