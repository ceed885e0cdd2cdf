import Foundation
import GraftCore
import GraftObjectives
import Testing

/// The loss as an op and as a function agree, and the gradient is that of the loss.
struct LossTests {
  private static let cases: [(objective: any Objective, targets: [Target])] = [
    (Classification(labels: ["a", "b", "c"]), [.label(2), .label(0), .label(1)]),
    (Regression(name: "x"), [.value(0.5), .value(-2), .value(3)]),
    (MultiLabel(labels: ["a", "b", "c", "d"]), [.labels([]), .labels([1, 3]), .labels([0, 1, 2, 3])]),
  ]

  @Test(arguments: cases.indices)
  func `the gradient of the loss equals differences of the function`(index: Int) {
    let (objective, targets) = Self.cases[index]
    let count = objective.outputCount
    let outputs = Parameter(name: "outputs", shape: [targets.count, count])
    Initializer.normal(deviation: 2).fill(outputs, seed: 1)
    var batch = PackedBatch()
    for _ in targets { batch.append(ids: [1], typeIDs: [0]) }
    let pass = Pass()
    pass.begin(batch, mode: .training(nil), bindings: ParameterBindings(trained: [outputs]))
    let loss = objective.loss(pass.tensor(outputs), targets[...], weight: 0.25, in: pass)
    func reference(_ values: [Float]) -> Double {
      targets.enumerated().reduce(0) { sum, item in
        sum + 0.25 * objective.loss(Array(values[item.offset * count..<(item.offset + 1) * count]), item.element)
      }
    }
    let values = Array(outputs.values)
    #expect(abs(loss - reference(values)) < 1e-5)
    let step: Float = 1e-2
    for (index, gradient) in pass.parameterGradients.enumerated() {
      var (low, high) = (values, values)
      low[index] -= step
      high[index] += step
      let slope = (reference(high) - reference(low)) / Double(high[index] - low[index])
      #expect(abs(Double(gradient) - slope) < 1e-4, "output \(index): \(gradient) \(slope)")
    }
  }

  @Test func `the binary cross-entropy stays finite for huge logits`() {
    let objective = MultiLabel(labels: ["a", "b"])
    #expect(objective.loss([200, -200], .labels([0])) < 1e-9)
    #expect(objective.loss([200, -200], .labels([1])) == 200)
    let logits = Parameter(name: "logits", shape: [1, 2])
    logits.values[0] = 1e4
    logits.values[1] = -1e4
    var batch = PackedBatch()
    batch.append(ids: [1], typeIDs: [0])
    let pass = Pass()
    pass.begin(batch, mode: .training(nil), bindings: ParameterBindings(trained: [logits]))
    #expect(pass.binaryCrossEntropy(pass.tensor(logits), targets: [0, 1], weight: 1) == 1e4)
    #expect(Array(pass.parameterGradients) == [0.5, -0.5])
  }
}
