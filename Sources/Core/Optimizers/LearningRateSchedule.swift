/// How the learning rate runs over a training: up during the warm-up, then as named.
public struct LearningRateSchedule: Sendable, Equatable {
  /// The part after the warm-up.
  public enum Shape: String, Sendable, CaseIterable, Codable {
    /// Falls in a straight line to zero behind the last step.
    case linear
    /// Stays.
    case constant
  }

  /// The highest rate.
  public let peak: Double
  /// The part after the warm-up.
  public let shape: Shape
  /// The steps of the warm-up.
  public let warmupSteps: Int
  /// All steps.
  public let totalSteps: Int

  /// A schedule over `totalSteps` steps of which `warmupSteps` warm up.
  public init(peak: Double, shape: Shape, warmupSteps: Int, totalSteps: Int) {
    self.peak = peak
    self.shape = shape
    self.warmupSteps = warmupSteps
    self.totalSteps = totalSteps
  }

  /// The rate of a step counted from 0, as in transformers' `get_linear_schedule_with_warmup`.
  public func rate(atStep step: Int) -> Double {
    if step < warmupSteps { return peak * Double(step) / Double(max(1, warmupSteps)) }
    switch shape {
    case .constant: return peak
    case .linear: return peak * max(0, Double(totalSteps - step) / Double(max(1, totalSteps - warmupSteps)))
    }
  }
}
