import Foundation
import GraftHarness
import Testing

/// The metrics against scikit-learn and scipy (`Tests/Goldens/metric_goldens.py`).
struct MetricTests {
  private struct Case: Decodable {
    let outputs: [[Float]]
    let labels: [Int]?
    let values: [Float]?
    let metrics: [String: Double?]
  }

  @Test func `every metric is scikit-learn's, and undefined where theirs is`() throws {
    let file = try #require(Bundle.module.url(forResource: "Fixtures/metrics", withExtension: "json"))
    let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
    var (compared, undefined) = (0, 0)
    for one in cases {
      let targets = one.labels?.map(Target.label) ?? one.values?.map(Target.value) ?? []
      for (name, expected) in one.metrics {
        let found = try #require(Metric(rawValue: name)).value(one.outputs, targets)
        if let expected, let found {
          #expect(abs(found - expected) <= 1e-6, "\(name) \(found) \(expected)")
          compared += 1
        } else {
          #expect(expected == nil && found == nil, "\(name) \(targets)")
          undefined += 1
        }
      }
    }
    #expect(compared > 50 && undefined >= 10)
  }
}
