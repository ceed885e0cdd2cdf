/// Checks for option values. Each check returns `nil` if the value is allowed, or otherwise a description of what was expected.
///
/// Every count has an upper limit, so that arithmetic on it can't overflow.
public enum Allowed {
  /// Allows the whole numbers of a range.
  public static func whole(_ range: ClosedRange<Int>) -> (Int) -> String? {
    { range.contains($0) ? nil : "a whole number from \(range.lowerBound) to \(range.upperBound)" }
  }

  /// Returns whether a number is finite as a 32-bit float, and does not underflow to zero. Computations use 32-bit floats.
  public static func fitsFloat(_ value: Double) -> Bool {
    Float(value).isFinite && (value == 0 || Float(value) != 0)
  }

  /// Allows finite numbers.
  public static func finite(_ value: Double) -> String? {
    fitsFloat(value) ? nil : "a number that a 32-bit float can hold, of magnitude at most 3.4e38"
  }

  /// Allows finite numbers that are not negative.
  public static func notNegative(_ value: Double) -> String? {
    value >= 0 && fitsFloat(value) ? nil : "a number from 0 to 3.4e38"
  }

  /// Allows finite numbers above zero.
  public static func positive(_ value: Double) -> String? {
    value > 0 && fitsFloat(value) ? nil : "a number above 0, from 1.4e-45 to 3.4e38"
  }

  /// Allows dropout probabilities: at least 0 and below 1.
  public static func dropout(_ value: Double) -> String? {
    // A number just below 1 could be rounded to 1 as a float.
    value >= 0 && Float(value) < 1 ? nil : "a probability from 0 to below 1"
  }

  /// Allows fractions from 0 to 1.
  public static func share(_ value: Double) -> String? { value >= 0 && value <= 1 ? nil : "a number from 0 to 1" }
}
