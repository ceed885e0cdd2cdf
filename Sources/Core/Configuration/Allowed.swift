/// What values an option allows: each check gives `nil`, or in words what was expected.
///
/// Every count has an upper end, so that no arithmetic on it can overflow.
public enum Allowed {
  /// Whole numbers of a range.
  public static func whole(_ range: ClosedRange<Int>) -> (Int) -> String? {
    { range.contains($0) ? nil : "a whole number from \(range.lowerBound) to \(range.upperBound)" }
  }

  /// Whether a number is finite as a 32-bit float, and does not vanish there: what is computed with is one.
  public static func fitsFloat(_ value: Double) -> Bool {
    Float(value).isFinite && (value == 0 || Float(value) != 0)
  }

  /// A finite number.
  public static func finite(_ value: Double) -> String? {
    fitsFloat(value) ? nil : "a number that a 32-bit float can hold, of at most 3.4e38"
  }

  /// A finite number that is not negative.
  public static func notNegative(_ value: Double) -> String? {
    value >= 0 && fitsFloat(value) ? nil : "a number from 0 to 3.4e38"
  }

  /// A finite number above zero.
  public static func positive(_ value: Double) -> String? {
    value > 0 && fitsFloat(value) ? nil : "a number above 0, from 1.4e-45 to 3.4e38"
  }

  /// The probability that something is dropped: not all of it.
  public static func dropout(_ value: Double) -> String? {
    // Rounded to a float, a number just below 1 would be 1.
    value >= 0 && Float(value) < 1 ? nil : "a probability from 0 to below 1"
  }

  /// A share of something.
  public static func share(_ value: Double) -> String? { value >= 0 && value <= 1 ? nil : "a number from 0 to 1" }
}
