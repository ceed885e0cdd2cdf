/// The details of an evaluation that reports show in addition to the metrics. Parts that an objective does not have are empty.
public struct EvaluationDetails: Sendable, Equatable {
  /// The scores of each class or label, in the order of the labels.
  public var classes: [ClassScores]
  /// How often each class was predicted for each class, in increasing order, without pairs that do not occur.
  public var confusions: [Confusion]
  /// Actual and predicted numbers, one pair per example.
  public var numbers: [NumberPair]

  /// The scores of one class or label. (van Rijsbergen, 1979.)
  public struct ClassScores: Sendable, Equatable, Encodable {
    /// The name of the class.
    public let label: String
    /// The fraction of the predictions of the class that are correct; `nil` without any.
    public let precision: Double?
    /// The fraction of the examples of the class for which it was predicted; `nil` without any.
    public let recall: Double?
    /// The harmonic mean of precision and recall; `nil` if the class neither occurs nor is predicted.
    public let f1: Double?
    /// The number of examples of the class.
    public let support: Int
  }

  /// The number of examples of a class for which a class was predicted.
  public struct Confusion: Sendable, Equatable, Encodable {
    /// The index of the actual class.
    public let actual: Int
    /// The index of the predicted class.
    public let predicted: Int
    /// The number of examples.
    public let count: Int
  }

  /// The actual and the predicted number of an example.
  public struct NumberPair: Sendable, Equatable {
    /// The actual number.
    public let actual: Double
    /// The predicted number.
    public let predicted: Double

    /// Creates a pair.
    public init(actual: Double, predicted: Double) {
      self.actual = actual
      self.predicted = predicted
    }
  }

  /// Creates details.
  public init(classes: [ClassScores] = [], confusions: [Confusion] = [], numbers: [NumberPair] = []) {
    self.classes = classes
    self.confusions = confusions
    self.numbers = numbers
  }

  /// Creates the details of predictions with one class per example.
  ///
  /// - Parameters:
  ///   - predicted: The index of the predicted class of each example.
  ///   - actual: The index of the actual class of each example.
  ///   - labels: The names of the classes.
  public init(predicted: [Int], actual: [Int], labels: [String]) {
    var counts = [PositiveCounts](repeating: PositiveCounts(), count: labels.count)
    var confusions: [[Int]: Int] = [:]
    for (prediction, label) in zip(predicted, actual) {
      confusions[[label, prediction], default: 0] += 1
      counts[prediction].add(true, isTrue: prediction == label)
      if prediction != label { counts[label].add(false, isTrue: true) }
    }
    self.init(
      classes: zip(labels, counts).map(ClassScores.init),
      confusions: confusions.map { Confusion(actual: $0[0], predicted: $0[1], count: $1) }.sorted {
        ($0.actual, $0.predicted) < ($1.actual, $1.predicted)
      })
  }
}

extension EvaluationDetails: Encodable {
  private enum CodingKeys: CodingKey { case classes, confusions }  // the numbers are in evaluation.json
}

extension EvaluationDetails.ClassScores {
  init(label: String, counts: PositiveCounts) {
    self.init(
      label: label, precision: counts.precision, recall: counts.recall, f1: counts.f1, support: counts.support)
  }
}
