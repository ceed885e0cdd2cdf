import Foundation

/// An answer that needs no training: the same outputs for every text, chosen from the training targets alone. What a method adds to
/// it is what it has learned from the texts.
public struct Baseline: Sendable, Equatable {
  /// The name in tables, such as `majority`.
  public let name: String
  /// What is predicted, such as `the most frequent class of the training examples`.
  public let summary: String
  /// The outputs for each text, or for each of its tokens: C numbers.
  public let outputs: [Float]

  /// Creates a baseline.
  public init(name: String, summary: String, outputs: [Float]) {
    self.name = name
    self.summary = summary
    self.outputs = outputs
  }

  /// Returns the majority of each decision, such as whether a text has a label.
  ///
  /// - Parameters:
  ///   - name: The name in tables.
  ///   - summary: What is predicted.
  ///   - positives: The number of training examples for which each decision is positive.
  ///   - count: The number of training examples.
  public static func majorities(
    name: String = "majority", summary: String, positives: [Int], of count: Int
  ) -> Baseline {
    // Half an example more on each side keeps the logits finite. A logit is at least 0 if half of the examples are positive.
    Baseline(
      name: name, summary: summary,
      outputs: positives.map { Float(log((Double($0) + 0.5) / (Double(count - $0) + 0.5))) })
  }

  /// Returns the baseline's outputs for texts for which a model has these numbers of outputs.
  package func outputs(counts: some Sequence<Int>) -> [[Float]] {
    counts.map { count in (0..<count).map { outputs[$0 % outputs.count] } }
  }
}
