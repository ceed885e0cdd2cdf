import Foundation
import GraftCore
import Testing

@Suite struct PositionTests {
  @Test func `a head's features are rotated by the angles of their token's position`() {
    let batch = someBatch([4, 1, 7])
    let (heads, width) = (2, 6)
    let angles = RotaryAngles(positions: 9, headWidth: width, base: 100)
    GradientCheck([[12, heads * width]], batch: batch).run {
      $0.rotate($1[0], heads: heads, by: angles)
    } reference: { inputs in
      var y = inputs[0]
      for sequence in 0..<3 {
        for (position, row) in (batch.offsets[sequence]..<batch.offsets[sequence + 1]).enumerated() {
          for (head, pair) in (0..<heads).flatMap({ head in (0..<width / 2).map { (head, $0) } }) {
            let angle = Double(position) / pow(100, 2 * Double(pair) / Double(width))
            let first = row * heads * width + head * width + pair
            let (a, b) = (inputs[0][first], inputs[0][first + width / 2])
            y[first] = a * cos(angle) - b * sin(angle)
            y[first + width / 2] = b * cos(angle) + a * sin(angle)
          }
        }
      }
      return y
    }
  }

  @Test func `first tokens are not rotated`() {
    let batch = someBatch([4, 2])
    let angles = RotaryAngles(positions: 4, headWidth: 4, base: 10)
    GradientCheck([[2, 4]], batch: batch).run {
      $0.rotate($1[0], heads: 1, by: angles)
    } reference: {
      $0[0]
    }
  }

  /// The buckets that transformers 4.57 computes for T5 and MPNet, for the distances -150, -149, ..., 150.
  @Test(arguments: [
    (8, 16, [-9: 3, -8: 3, -6: 3, -5: 2, -3: 2, -2: 2, -1: 1, 0: 0, 1: 5, 2: 6, 5: 6, 6: 7, 100: 7]),
    (
      32, 128,
      [-128: 15, -91: 15, -90: 14, -64: 14, -63: 13, -32: 12, -16: 10, -8: 8, -7: 7, 0: 0, 7: 23, 8: 24, 500: 31]
    ),
  ])
  func `distances share buckets that grow logarithmically`(count: Int, maximum: Int, expected: [Int: Int]) {
    let buckets = RelativeBuckets(count: count, maximumDistance: maximum)
    for (distance, bucket) in expected { #expect(buckets.bucket(of: distance) == bucket, "distance \(distance)") }
  }

  @Test func `the bias of a distance is that of its bucket, with the sum of the gradients`() {
    let batch = someBatch([5, 1, 40])
    let buckets = RelativeBuckets(count: 8, maximumDistance: 20)
    GradientCheck([[8, 3]], batch: batch).run {
      $0.relativeBias($1[0], buckets: buckets)
    } reference: { inputs in
      (0..<3).flatMap { head in (-39...39).map { inputs[0][buckets.bucket(of: $0) * 3 + head] } }
    }
  }
}

@Suite struct GatingTests {
  @Test func `two tensors are multiplied elementwise`() {
    GradientCheck([[5, 19], [5, 19]]).run {
      $0.elementwiseProduct($1[0], $1[1])
    } reference: {
      zip($0[0], $0[1]).map { $0 * $1 }
    }
  }

  @Test func `a tensor can be multiplied by itself`() {
    GradientCheck([[3, 4]]).run {
      $0.elementwiseProduct($1[0], $1[0])
    } reference: {
      $0[0].map { $0 * $0 }
    }
  }

  @Test func `columns are copied`() {
    GradientCheck([[5, 21]]).run {
      $0.columns(3..<20, of: $1[0])
    } reference: { inputs in
      (0..<5).flatMap { row in inputs[0][row * 21 + 3..<row * 21 + 20] }
    }
  }
}
