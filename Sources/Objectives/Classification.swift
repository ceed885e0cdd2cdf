import Foundation
public import GraftCore
import GraftSupport

/// One class per text: softmax and cross-entropy.
public struct Classification: Objective {
  /// `classification`
  public static let name = "classification"
  /// `single_label_classification`
  public static let problemType: String? = "single_label_classification"
  /// `classification`
  public static let adapterHubHead: String? = "classification"

  /// The classes as written in files; a label's class is its index.
  public var labels: [String] { labelSet.written }
  /// The meaning of the classes.
  public var labelNames: [String] { labelSet.names }
  /// The metrics; runs are compared by the first one.
  public let metrics: [Metric]
  private let labelSet: LabelSet

  /// Creates the objective.
  ///
  /// - Parameters:
  ///   - labels: The labels as written in files, at least two and all different; a label's class is its index.
  ///   - labelNames: The meaning of each label; `nil` uses the labels.
  ///   - metrics: The metrics; runs are compared by the first one.
  public init(labels: [String], labelNames: [String]? = nil, metrics: [Metric] = [.accuracy]) {
    precondition(!metrics.isEmpty && Set(metrics).count == metrics.count, "at least one metric, and each only once")
    labelSet = LabelSet(labels, names: labelNames, atLeast: 2)
    self.metrics = metrics
  }

  /// Creates the objective for labels that are their own names.
  public init(labelNames: [String]) { self.init(labels: labelNames) }

  /// Such as `3 classes`.
  public var summary: String { "\(labels.count) classes" }

  /// Returns the label in a field.
  public static func labels(in field: TargetField) throws(TargetError) -> [String] { [try field.single()] }

  /// Returns the class of a label.
  public func target(_ field: TargetField) throws(TargetError) -> Target {
    .label(try labelSet.index(of: field.single(), expected: "one"))
  }

  /// Checks that a target is one of the classes.
  public func check(_ target: Target) throws(TargetError) {
    guard case .label(let label) = target else {
      throw TargetError("expected a label, because the objective is classification")
    }
    guard labels.indices.contains(label) else {
      throw TargetError("expected a label from 0 to \(labels.count - 1), got \(label)")
    }
  }

  /// Each class is a group.
  public func groups(_ targets: [(target: Target, count: Int)]) -> [Int] { targets.map(\.target.label) }

  /// The softmax cross-entropy.
  public func loss(_ outputs: Tensor, _ targets: ArraySlice<Target>, weight: Float, in pass: Pass) -> Double {
    pass.crossEntropy(outputs, labels: targets.map(\.label), weight: weight)
  }

  /// The softmax cross-entropy.
  public func loss(_ outputs: [Float], _ target: Target) -> Double {
    let highest = Double(outputs.max() ?? 0)
    let sum = outputs.reduce(0) { $0 + exp(Double($1) - highest) }
    return log(sum) + highest - Double(outputs[target.label])
  }

  /// The most probable class, with the probabilities of all.
  public func answer(_ outputs: [Float]) -> Answer {
    let probabilities = softmax(outputs)
    let label = labelNames[argmax(outputs)]
    return Answer(
      text: label, labels: [label], probabilities: probabilities, probability: probabilities.max(),
      json: ["label": .string(label), "probabilities": .array(probabilities.map(JSONValue.number))])
  }

  /// The most probable class.
  public func written(_ outputs: [Float]) -> String { labels[argmax(outputs)] }

  /// The most frequent class, with the frequencies of all as probabilities.
  public func baseline(_ training: [Target]) -> Baseline {
    var counts = [Int](repeating: 0, count: labels.count)
    for target in training { counts[target.label] += 1 }
    return Baseline(
      name: "majority", summary: "the most frequent class of the training examples",
      outputs: counts.map { Float(log(Double($0) + 0.5)) })
  }

  /// The scores of each class, and the confusion matrix.
  public func details(_ outputs: [[Float]], _ targets: [Target]) -> EvaluationDetails {
    EvaluationDetails(predicted: outputs.map(argmax), actual: targets.map(\.label), labels: labelNames)
  }

  private func softmax(_ logits: [Float]) -> [Double] {
    let highest = Double(logits.max() ?? 0)
    let weights = logits.map { exp(Double($0) - highest) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }
}

/// Returns the index of the largest value; of the first one if several are equal.
package func argmax(_ values: [Float]) -> Int { values.indices.max { values[$0] < values[$1] } ?? 0 }
