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
  }

  private static let metrics: [Metric] = [.accuracy, .f1, .matthews, .pearson, .spearman, .microF1, .macroF1]

  @Test func `every metric equals the reference, and is undefined where the reference is`() throws {
    let file = try #require(Bundle.module.url(forResource: "Fixtures/metrics", withExtension: "json"))
    let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
    var compared = 0
    var undefined = 0
    for testCase in cases {
      let targets =
        testCase.labels?.map(Target.label) ?? testCase.values?.map(Target.value)
        ?? testCase.sets?.map(Target.labels) ?? []
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
}
