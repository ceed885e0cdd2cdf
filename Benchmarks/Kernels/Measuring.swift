import GraftCore

/// Returns the median duration of several calls in seconds, after one warm-up call.
func medianSeconds(_ times: Int = 15, _ body: () -> Void) -> Double {
  body()
  let clock = ContinuousClock()
  return (0..<times).map { _ in clock.measure(body) / .seconds(1) }.sorted()[times / 2]
}

/// Returns numbers in [-1, 1), the same in every run.
func numbers(_ count: Int, _ name: String) -> [Float] {
  var random = RandomStream(seed: 1, purpose: name)
  return (0..<count).map { _ in Float(random.uniform()) * 2 - 1 }
}

/// Returns the largest difference between the elements of two arrays.
func largestError(_ x: [Float], _ y: [Float]) -> Float { zip(x, y).map { abs($0 - $1) }.max() ?? 0 }

extension String {
  /// Pads the string on the left.
  func right(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
  /// Pads the string on the right.
  func left(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
