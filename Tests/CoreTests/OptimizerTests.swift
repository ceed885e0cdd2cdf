import Foundation
import GraftCore
import Testing

@Suite struct OptimizerTests {
  /// The update rule written out in double precision; PyTorch itself stands behind the trajectory goldens.
  @Test func adamWFollowsItsRule() {
    let parameter = Parameter(name: "p", shape: [37])
    Initializer.normal(deviation: 1).fill(parameter, seed: 3)
    var optimizer = AdamW(
      [parameter], options: AdamW.Options(betas: (0.8, 0.95), epsilon: 1e-6, weightDecay: 0.1))
    var values = parameter.values.map(Double.init)
    var (first, second) = (values.map { _ in 0.0 }, values.map { _ in 0.0 })
    for step in 1...7 {
      let gradient = values.indices.map { Float(sin(Double($0 * step))) }
      gradient.withUnsafeBufferPointer { optimizer.step(gradient: $0, learningRate: 0.02, gradientScale: 0.5) }
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

  @Test func decaySparesWhatItIsToldTo() {
    let (matrix, bias) = (Parameter(name: "m", shape: [1, 2]), Parameter(name: "b", shape: [2]))
    for parameter in [matrix, bias] { Initializer.ones.fill(parameter, seed: 0) }
    var optimizer = AdamW([matrix, bias], options: AdamW.Options(weightDecay: 0.5)) { $0.shape.count > 1 }
    [Float](repeating: 0, count: 4).withUnsafeBufferPointer { optimizer.step(gradient: $0, learningRate: 0.1) }
    #expect(Array(matrix.values) == [0.95, 0.95])
    #expect(Array(bias.values) == [1, 1])
  }

  @Test func linearScheduleWarmsUpAndFallsToZero() {
    let schedule = LearningRateSchedule(peak: 1, shape: .linear, warmupSteps: 2, totalSteps: 6)
    #expect((0...6).map(schedule.rate) == [0, 0.5, 1, 0.75, 0.5, 0.25, 0])
    let flat = LearningRateSchedule(peak: 1, shape: .constant, warmupSteps: 2, totalSteps: 6)
    #expect((0...6).map(flat.rate) == [0, 0.5, 1, 1, 1, 1, 1])
  }

  @Test func clippingScalesByTheGlobalNorm() {
    [Float(3), 4].withUnsafeBufferPointer { gradient in
      #expect(clipByGlobalNorm(gradient, limit: 1).norm == 5)
      #expect(abs(clipByGlobalNorm(gradient, limit: 1).scale - 0.2) < 1e-6)
      #expect(clipByGlobalNorm(gradient, limit: 10).scale == 1)
      #expect(clipByGlobalNorm(gradient, limit: nil).scale == 1)
    }
  }
}
