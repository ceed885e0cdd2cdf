import Foundation
import GraftCore
import Testing

@Suite struct OptimizerTests {
  /// Compares with the update rule in double precision; the trajectory goldens compare with PyTorch itself.
  @Test func `AdamW follows its update rule`() {
    let parameter = Parameter(name: "p", shape: [37])
    Initializer.normal(deviation: 1).fill(parameter, seed: 3)
    var optimizer = AdamW(
      [parameter], options: AdamW.Options(betas: (0.8, 0.95), epsilon: 1e-6, weightDecay: 0.1))
    let workers = Workers(count: 2)
    var values = parameter.values.map(Double.init)
    var (first, second) = (values.map { _ in 0.0 }, values.map { _ in 0.0 })
    for step in 1...7 {
      let gradient = values.indices.map { Float(sin(Double($0 * step))) }
      gradient.withUnsafeBufferPointer {
        optimizer.step(gradient: $0, learningRate: 0.02, gradientScale: 0.5, on: workers)
      }
      for i in values.indices {
        let g = Double(gradient[i]) * 0.5
        first[i] = 0.8 * first[i] + 0.2 * g
        second[i] = 0.95 * second[i] + 0.05 * g * g
        let (m, v) = (first[i] / (1 - pow(0.8, Double(step))), second[i] / (1 - pow(0.95, Double(step))))
        values[i] = values[i] * (1 - 0.02 * 0.1) - 0.02 * m / (v.squareRoot() + 1e-6)
      }
    }
    #expect(relativeDistance(parameter.values.map(Double.init), values) < 1e-6)
  }

  /// Uses more values than one worker processes alone, and a parameter that ends within a block.
  @Test func `results are bit-identical for any number of workers, and a step can be undone`() {
    func values(workers count: Int) -> [Float] {
      let parameters = [Parameter(name: "a", shape: [300_001]), Parameter(name: "b", shape: [7, 50_000])]
      for parameter in parameters { Initializer.normal(deviation: 1).fill(parameter, seed: 3) }
      var optimizer = AdamW(parameters, options: AdamW.Options(weightDecay: 0.1)) { $0.shape.count > 1 }
      let workers = Workers(count: count)
      func step(_ number: Int) {
        let gradient = (0..<650_001).map { Float(($0 * number) % 97) - 40 }
        gradient.withUnsafeBufferPointer { optimizer.step(gradient: $0, learningRate: 0.02, on: workers) }
      }
      step(1)
      let before = parameters.map { Array($0.values) }
      step(2)
      #expect(parameters.map { Array($0.values) } != before)
      optimizer.undoStep()
      #expect(parameters.map { Array($0.values) } == before)
      step(3)
      return parameters.flatMap { Array($0.values) }
    }
    #expect(values(workers: 3) == values(workers: 1))
  }

  @Test func `weight decay applies only to the selected parameters`() {
    let (matrix, bias) = (Parameter(name: "m", shape: [1, 2]), Parameter(name: "b", shape: [2]))
    for parameter in [matrix, bias] { Initializer.ones.fill(parameter, seed: 0) }
    var optimizer = AdamW([matrix, bias], options: AdamW.Options(weightDecay: 0.5)) { $0.shape.count > 1 }
    [Float](repeating: 0, count: 4).withUnsafeBufferPointer {
      optimizer.step(gradient: $0, learningRate: 0.1, on: Workers(count: 1))
    }
    #expect(Array(matrix.values) == [0.95, 0.95])
    #expect(Array(bias.values) == [1, 1])
  }

  @Test func `a schedule warms up and then falls to zero or stays constant`() {
    let schedule = LearningRateSchedule(peak: 1, shape: .linear, warmupSteps: 2, totalSteps: 6)
    #expect((0...6).map(schedule.rate) == [0, 0.5, 1, 0.75, 0.5, 0.25, 0])
    let flat = LearningRateSchedule(peak: 1, shape: .constant, warmupSteps: 2, totalSteps: 6)
    #expect((0...6).map(flat.rate) == [0, 0.5, 1, 1, 1, 1, 1])
  }

  @Test func `gradient clipping scales by the global norm`() {
    [Float(3), 4].withUnsafeBufferPointer {
      let gradients = SummedGradients(values: $0, norm: 5)
      #expect(abs(gradients.scale(limit: 1) - 0.2) < 1e-6)
      #expect(gradients.scale(limit: 10) == 1)
      #expect(gradients.scale(limit: nil) == 1)
    }
  }
}
