import Foundation
import Graft

/// One of several classes with an order, such as ratings: a binary decision `is the class higher than k?` for all classes but the
/// last. (Cheng et al., "A neural network approach to ordinal regression", 2008.)
public struct OrdinalRegression: Objective {
  /// The name in configurations and adapter files.
  public static let name = "ordinal"

  /// The classes, the lowest first.
  public let labels: [String]
  /// The classes have no other names.
  public var labelNames: [String] { labels }
  /// One decision for each class but the last.
  public var outputCount: Int { labels.count - 1 }
  /// The distance decides.
  public let metrics: [Metric] = [.meanAbsoluteError, .exactClass]
  /// Such as `5 ordered classes`.
  public var summary: String { "\(labels.count) ordered classes" }

  /// Creates the objective. Collected labels are sorted as texts, so write 02 before 10.
  public init(labelNames: [String]) { labels = labelNames }

  /// There is one class more than decisions.
  public static func defaultLabelNames(outputs: Int) -> [String]? { (0...outputs).map { "LABEL_\($0)" } }

  /// Returns the label in a field.
  public static func labels(in field: TargetField) throws(TargetError) -> [String] { [try field.single()] }

  /// Returns the class of a label.
  public func target(_ field: TargetField) throws(TargetError) -> Target {
    let label = try field.single()
    guard let rank = labels.firstIndex(of: label) else {
      throw TargetError("unknown label '\(label)'; expected one of \(labels.joined(separator: ", "))")
    }
    return .label(rank)
  }

  /// Checks that a target is one of the classes.
  public func check(_ target: Target) throws(TargetError) {
    guard labels.indices.contains(target.label) else {
      throw TargetError("expected a class from 0 to \(labels.count - 1)")
    }
  }

  /// The mean binary cross-entropy of the decisions.
  public func loss(_ outputs: Tensor, _ targets: ArraySlice<Target>, weight: Float, in pass: Pass) -> Double {
    pass.binaryCrossEntropy(outputs, targets: targets.flatMap { decisions($0) }, weight: weight)
  }

  /// The mean binary cross-entropy of the decisions.
  public func loss(_ outputs: [Float], _ target: Target) -> Double {
    let terms = zip(outputs, decisions(target)).map { output, decision in
      log1p(exp(-abs(Double(output)))) + max(Double(output), 0) - Double(output * decision)
    }
    return terms.reduce(0, +) / Double(terms.count)
  }

  /// The class that the decisions lead to.
  public func answer(_ outputs: [Float]) -> Answer {
    let label = labels[Self.rank(outputs)]
    return Answer(text: label, labels: [label], json: ["label": .string(label)])
  }

  /// The median class: each decision is that of most training examples.
  public func baseline(_ training: [Target]) -> Baseline {
    let positives = (0..<outputCount).map { rank in training.count { $0.label > rank } }
    return .majorities(
      name: "median", summary: "the median class of the training examples", positives: positives, of: training.count)
  }

  /// The scores of each class, and the confusion matrix.
  public func details(_ outputs: [[Float]], _ targets: [Target]) -> EvaluationDetails {
    EvaluationDetails(predicted: outputs.map(Self.rank), actual: targets.map(\.label), labels: labels)
  }

  /// 1 for each class below the target, 0 for the others.
  private func decisions(_ target: Target) -> [Float] { (0..<outputCount).map { $0 < target.label ? 1 : 0 } }

  /// The number of positive decisions.
  static func rank(_ outputs: [Float]) -> Int { outputs.count { $0 > 0 } }
}

extension Metric {
  /// The mean distance between predicted and actual class, with a minus sign, because higher metrics are better.
  public static let meanAbsoluteError = Metric(name: "negative_mean_absolute_error") { outputs, targets in
    let errors = zip(outputs, targets).map { abs(OrdinalRegression.rank($0) - $1.label) }
    return -Double(errors.reduce(0, +)) / Double(errors.count)
  }

  /// The fraction of examples with the correct class.
  public static let exactClass = Metric(name: "accuracy") { outputs, targets in
    Double(zip(outputs, targets).count { OrdinalRegression.rank($0) == $1.label }) / Double(targets.count)
  }
}
