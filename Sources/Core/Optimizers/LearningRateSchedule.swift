/// A learning rate schedule: a linear warm-up to the peak rate, followed by a decay or a constant rate.
public struct LearningRateSchedule: Sendable, Equatable {
  /// The schedule after the warm-up.
  public enum Shape: String, Sendable, CaseIterable, Codable {
    /// The rate falls linearly and reaches zero after the last step.
    case linear
    /// The rate stays at the peak.
    case constant
  }

  /// The highest rate.
  public let peak: Double
  /// The schedule after the warm-up.
  public let shape: Shape
  /// The number of warm-up steps.
  public let warmupSteps: Int
  /// The total number of steps.
  public let totalSteps: Int

  /// Creates a schedule over `totalSteps` steps, the first `warmupSteps` of which are the warm-up.
  public init(peak: Double, shape: Shape, warmupSteps: Int, totalSteps: Int) {
    self.peak = peak
    self.shape = shape
    self.warmupSteps = warmupSteps
    self.totalSteps = totalSteps
  }

  /// Returns the rate of a step, counted from 0, as in transformers' `get_linear_schedule_with_warmup`.
  public func rate(atStep step: Int) -> Double {
    if step < warmupSteps { return peak * Double(step) / Double(max(1, warmupSteps)) }
    switch shape {
    case .constant: return peak
    case .linear: return peak * max(0, Double(totalSteps - step) / Double(max(1, totalSteps - warmupSteps)))
    }
  }
}
