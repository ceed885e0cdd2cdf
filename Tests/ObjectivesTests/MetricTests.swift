import Foundation
import GraftObjectives
import Testing

/// Compares the metrics with scikit-learn and SciPy (`Tests/Goldens/metric_goldens.py`).
struct MetricTests {
  private struct Case: Decodable {
    let outputs: [[Float]]
    let labels: [Int]?
    let values: [Float]?
    let sets: [[Int]]?
    let metrics: [String: Double?]
    /// Precision, recall, F1, and support of each class or label.
    let scores: [[Double?]]?
    /// The numbers of examples by actual and predicted class.
    let confusion: [[Int]]?

    var targets: [Target] {
      labels?.map(Target.label) ?? values?.map(Target.value) ?? sets?.map(Target.labels) ?? []
    }
  }

  private func cases() throws -> [Case] {
    let file = try #require(Bundle.module.url(forResource: "Fixtures/metrics", withExtension: "json"))
    return try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
  }

  private static let metrics: [Metric] = [.accuracy, .f1, .matthews, .pearson, .spearman, .microF1, .macroF1]

  @Test func `every metric equals the reference, and is undefined where the reference is`() throws {
    var compared = 0
    var undefined = 0
    for testCase in try cases() {
      let targets = testCase.targets
      for (name, expected) in testCase.metrics {
        let value = try #require(Self.metrics.first { $0.name == name }).value(testCase.outputs, targets)
        if let expected, let value {
          #expect(abs(value - expected) <= 1e-6, "\(name) \(value) \(expected)")
          compared += 1
        } else {
          #expect(expected == nil && value == nil, "\(name) \(targets)")
          undefined += 1
        }
      }
    }
    #expect(compared > 50 && undefined >= 10)
  }

  @Test func `the scores of each class and the confusion matrix equal the reference`() throws {
    var compared = 0
    var undefined = 0
    for testCase in try cases() {
      guard let scores = testCase.scores else { continue }
      let names = scores.indices.map { "class \($0)" }
      let objective: any Objective =
        testCase.labels == nil ? MultiLabel(labels: names) : Classification(labels: names)
      let details = objective.details(testCase.outputs, testCase.targets)
      #expect(details.classes.map(\.label) == names && details.numbers.isEmpty)
      for (found, expected) in zip(details.classes, scores) {
        #expect(found.support == expected[3].map { Int($0) })
        for (value, reference) in zip([found.precision, found.recall, found.f1], expected) {
          if let value, let reference {
            #expect(abs(value - reference) <= 1e-9)
            compared += 1
          } else {
            #expect(value == nil && reference == nil)
            undefined += 1
          }
        }
      }
      let matrix = names.indices.map { actual in
        names.indices.map { predicted in
          details.confusions.first { $0.actual == actual && $0.predicted == predicted }?.count ?? 0
        }
      }
      if let confusion = testCase.confusion {
        #expect(matrix == confusion)
      } else {
        #expect(details.confusions.isEmpty)
      }
    }
    #expect(compared > 200 && undefined > 20)
  }
}
