import Foundation

/// An axis of a chart, which maps values to positions and chooses tick marks.
struct ChartAxis {
  /// The scale of an axis.
  enum Scale { case linear, logarithmic }

  private let scale: Scale
  private let low: Double
  private let high: Double
  /// The first and the last position, in pixels.
  private let range: ClosedRange<Double>
  private let isReversed: Bool

  /// Creates an axis that covers all values with some margin.
  init(_ values: [Double], scale: Scale = .linear, over range: ClosedRange<Double>, isReversed: Bool = false) {
    self.scale = scale
    self.range = range
    self.isReversed = isReversed
    // Larger differences, and logarithms of smaller values, would not be finite.
    let usable = values.filter { abs($0) < 1e100 && (scale == .linear || $0 > 1e-100) }
    let first = usable.min() ?? 0
    let last = usable.max() ?? 1
    switch scale {
    case .linear:
      let margin = max((last - first) * 0.06, abs(last) * 1e-3, 1e-9)
      low = first - margin
      high = last + margin
    case .logarithmic:
      low = log10(first) - 0.15
      high = log10(last) + 0.15
    }
  }

  /// Returns the position of a value, in pixels.
  func place(_ value: Double) -> Double {
    let position = scale == .linear ? value : log10(max(value, 1e-300))
    let share = (position - low) / max(high - low, 1e-12)
    let length = range.upperBound - range.lowerBound
    return isReversed ? range.upperBound - share * length : range.lowerBound + share * length
  }

  /// The tick marks: round values within the axis, with their text.
  var marks: [(value: Double, text: String)] {
    switch scale {
    case .linear:
      let minimumStep = (high - low) / 5
      let power = pow(10, floor(log10(minimumStep)))
      let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= minimumStep } ?? minimumStep
      let digits = max(0, Int(ceil(-log10(step))))
      return stride(from: ceil(low / step) * step, through: high, by: step).map {
        ($0, String(format: "%.*f", digits, abs($0) < step / 1e6 ? 0 : $0))
      }
    case .logarithmic:
      let powers = Int(floor(low))...Int(ceil(high))
      let isWide = high - low > 3
      return powers.flatMap { power in (isWide ? [1.0] : [1, 2, 5]).map { $0 * pow(10, Double(power)) } }
        .filter { (low...high).contains(log10($0)) }.map { ($0, Self.short($0)) }
    }
  }

  /// Returns a number in short form, such as `20k` or `1M`.
  private static func short(_ value: Double) -> String {
    for (factor, suffix) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where value >= factor {
      return String(format: "%g%@", value / factor, suffix)
    }
    return String(format: "%g", value)
  }
}
