import Foundation

/// One axis of a chart: from values to places, and where its marks are.
struct ChartAxis {
  /// How values lie along it.
  enum Scale { case linear, logarithmic }

  private let scale: Scale
  private let low: Double
  private let high: Double
  /// The first and the last place, in pixels.
  private let range: ClosedRange<Double>
  private let isReversed: Bool

  /// An axis that holds all of the values, with some room around them.
  init(_ values: [Double], scale: Scale = .linear, over range: ClosedRange<Double>, isReversed: Bool = false) {
    self.scale = scale
    self.range = range
    self.isReversed = isReversed
    // Beyond these the differences and their logarithms are not finite.
    let usable = values.filter { abs($0) < 1e100 && (scale == .linear || $0 > 1e-100) }
    let (first, last) = (usable.min() ?? 0, usable.max() ?? 1)
    switch scale {
    case .linear:
      let room = max((last - first) * 0.06, abs(last) * 1e-3, 1e-9)
      low = first - room
      high = last + room
    case .logarithmic: (low, high) = (log10(first) - 0.15, log10(last) + 0.15)
    }
  }

  /// Where a value lies, in pixels.
  func place(_ value: Double) -> Double {
    let position = scale == .linear ? value : log10(max(value, 1e-300))
    let share = (position - low) / max(high - low, 1e-12)
    let length = range.upperBound - range.lowerBound
    return isReversed ? range.upperBound - share * length : range.lowerBound + share * length
  }

  /// Some round values within the axis, and how they are written.
  var marks: [(value: Double, text: String)] {
    switch scale {
    case .linear:
      let rough = (high - low) / 5
      let power = pow(10, floor(log10(rough)))
      let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough } ?? rough
      let digits = max(0, Int(ceil(-log10(step))))
      return stride(from: ceil(low / step) * step, through: high, by: step).map {
        ($0, String(format: "%.*f", digits, abs($0) < step / 1e6 ? 0 : $0))
      }
    case .logarithmic:
      let powers = Int(floor(low))...Int(ceil(high))
      let wide = high - low > 3
      return powers.flatMap { power in (wide ? [1.0] : [1, 2, 5]).map { $0 * pow(10, Double(power)) } }
        .filter { (low...high).contains(log10($0)) }.map { ($0, Self.short($0)) }
    }
  }

  /// `20k`, `1M`
  private static func short(_ value: Double) -> String {
    for (size, letter) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where value >= size {
      return String(format: "%g%@", value / size, letter)
    }
    return String(format: "%g", value)
  }
}
