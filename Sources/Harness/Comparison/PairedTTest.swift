import Foundation

/// A paired t-test over the seeds. (Student, 1908.)
package enum PairedTTest {
  /// Returns the two-sided p-value of differences whose expected value is zero; 1 for fewer than two differences.
  package static func probability(_ differences: [Double]) -> Double {
    let count = Double(differences.count)
    let mean = differences.reduce(0, +) / max(count, 1)
    guard differences.count > 1, mean != 0 else { return 1 }
    let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    return tail(mean / (variance / count).squareRoot(), degreesOfFreedom: differences.count - 1)
  }

  /// Returns the probability that a t-distributed number is farther from zero than `t`. (Abramowitz and Stegun, 26.7.3 and 26.7.4.)
  package static func tail(_ t: Double, degreesOfFreedom: Int) -> Double {
    let angle = atan(abs(t) / Double(degreesOfFreedom).squareRoot())
    let cosine = cos(angle)
    let isOdd = degreesOfFreedom % 2 == 1
    var term = isOdd ? cosine : 1
    var sum = degreesOfFreedom == 1 ? 0 : term
    for k in stride(from: isOdd ? 3 : 2, to: degreesOfFreedom, by: 2) {
      term *= cosine * cosine * Double(k - 1) / Double(k)
      sum += term
    }
    let inside = isOdd ? 2 / Double.pi * (angle + sin(angle) * sum) : sin(angle) * sum
    return max(0, 1 - inside)
  }
}
