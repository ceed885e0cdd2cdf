import Foundation
public import GraftCore
import GraftSupport

/// A number per text: squared error.
public struct Regression: Objective {
  /// `regression`
  public static let name = "regression"
  /// The target is a number.
  public static let hasLabels = false
  /// One name, that of the number.
  public static let labelCounts = 1...1
  /// `regression`
  public static let problemType: String? = "regression"
  /// `classification`, whose head with one output is for regression.
  public static let adapterHubHead: String? = "classification"

  /// Empty.
  public var labels: [String] { [] }
  /// The meaning of the number.
  public let labelNames: [String]
  /// The allowed numbers.
  public let range: ClosedRange<Double>
  /// The metrics; runs are compared by the first one.
  public let metrics: [Metric]

  /// The range of numbers that float32 represents safely.
  public static let anyNumber = -1e30...1e30

  /// Creates the objective.
  ///
  /// - Parameters:
  ///   - name: The meaning of the number.
  ///   - range: The allowed numbers.
  ///   - metrics: The metrics; runs are compared by the first one.
  public init(
    name: String, range: ClosedRange<Double> = Regression.anyNumber, metrics: [Metric] = [.pearson, .spearman]
  ) {
    precondition(!metrics.isEmpty && Set(metrics).count == metrics.count, "at least one metric, and each only once")
    labelNames = [name]
    self.range = range
    self.metrics = metrics
  }

  /// Creates the objective for any number.
  public init(labelNames: [String]) { self.init(name: labelNames[0]) }

  /// Describes the target.
  public var summary: String { "regression: the label is a number" }

  /// One name for one output.
  public static func defaultLabelNames(outputs: Int) -> [String]? { outputs == 1 ? ["label"] : nil }

  /// Numbers have no labels.
  public static func labels(in field: TargetField) -> [String] { [] }

  /// Returns the number in a field.
  public func target(_ field: TargetField) throws(TargetError) -> Target {
    guard let text = field.text, field.list?.isEmpty != false else {
      throw TargetError("got a list, but the objective is regression, so every label must be a number")
    }
    guard let number = Self.number(text), range.contains(number) else { throw TargetError(problem(with: text)) }
    return .value(Float(number))
  }

  /// Returns a decimal number; hexadecimal ones and words are more likely mistakes.
  private static func number(_ text: String) -> Double? {
    text.allSatisfy { "0123456789+-.eE".contains($0) } ? Double(text) : nil
  }

  private func problem(with text: String) -> String {
    let isBounded = range.upperBound < Self.anyNumber.upperBound
    if Self.number(text) != nil, !isBounded { return "\(quoted(text)) is not a number from -1e30 to 1e30" }
    return "\(quoted(text)) is not a number"
      + (isBounded ? " from \(range.lowerBound) to \(range.upperBound)" : "") + "; "
      + (Double(text.replacing(",", with: ".")) != nil && text.contains(",")
        ? "write the decimal point as '.'" : "the objective is regression, so every label must be a number")
  }

  /// Checks that a target is an allowed number.
  public func check(_ target: Target) throws(TargetError) {
    guard case .value(let value) = target else {
      throw TargetError("expected a number, because the objective is regression")
    }
    // A bound is rounded like the values, so that a file and examples in memory accept the same numbers.
    guard value.isFinite, Float(range.lowerBound)...Float(range.upperBound) ~= value else {
      throw TargetError("expected a number in the task's range, got \(value)")
    }
  }

  /// The squared error.
  public func loss(_ outputs: Tensor, _ targets: ArraySlice<Target>, weight: Float, in pass: Pass) -> Double {
    pass.squaredError(outputs, targets: targets.map(\.value), weight: weight)
  }

  /// The squared error.
  public func loss(_ outputs: [Float], _ target: Target) -> Double { pow(Double(outputs[0]) - Double(target.value), 2) }

  /// The number.
  public func answer(_ outputs: [Float]) -> Answer {
    let text = "\(outputs[0])"
    return Answer(text: text, json: ["label": .string(text), "probabilities": .array([])])
  }

  /// The mean of the training examples.
  public func baseline(_ training: [Target]) -> Baseline {
    let sum = training.reduce(0) { $0 + Double($1.value) }
    return Baseline(
      name: "mean", summary: "the mean of the training examples", outputs: [Float(sum / Double(training.count))])
  }

  /// The actual and the predicted numbers.
  public func details(_ outputs: [[Float]], _ targets: [Target]) -> EvaluationDetails {
    EvaluationDetails(
      numbers: zip(outputs, targets).map { .init(actual: Double($1.value), predicted: Double($0[0])) })
  }

  /// The number, clamped to the range and rounded to three decimals.
  public func written(_ outputs: [Float]) -> String {
    let number = min(max(Double(outputs[0]), range.lowerBound), range.upperBound)
    return "\((number * 1000).rounded() / 1000)"
  }
}
