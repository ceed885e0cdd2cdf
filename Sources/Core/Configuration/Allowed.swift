/// What values an option allows: each check gives `nil`, or in words what was expected.
///
/// Every count has an upper end, so that no arithmetic on it can overflow.
public enum Allowed {
  /// Whole numbers of a range.
  public static func whole(_ range: ClosedRange<Int>) -> (Int) -> String? {
    { range.contains($0) ? nil : "a whole number from \(range.lowerBound) to \(range.upperBound)" }
  }

  /// A finite number.
  public static func finite(_ value: Double) -> String? { value.isFinite ? nil : "a finite number" }

  /// A finite number that is not negative.
  public static func notNegative(_ value: Double) -> String? {
    value >= 0 && value.isFinite ? nil : "a number from 0"
  }

  /// A finite number above zero.
  public static func positive(_ value: Double) -> String? { value > 0 && value.isFinite ? nil : "a number above 0" }

  /// The probability that something is dropped: not all of it.
  public static func dropout(_ value: Double) -> String? {
    value >= 0 && value < 1 ? nil : "a probability from 0 to below 1"
  }

  /// A share of something.
  public static func share(_ value: Double) -> String? { value >= 0 && value <= 1 ? nil : "a number from 0 to 1" }
}
