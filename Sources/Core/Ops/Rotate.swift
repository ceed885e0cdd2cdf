import CKernels
import Foundation

extension Pass {
  /// Rotates the features of each head by angles that grow with the token's position: x `[T, D]`, or `[S, D]` for the first token
  /// of each sequence, which is returned unchanged because its angles are zero.
  ///
  /// Su et al., "RoFormer", 2021, equation 34, with feature i paired with feature i + D / 2H of its head.
  ///
  /// - Parameters:
  ///   - x: Queries or keys.
  ///   - heads: H.
  ///   - angles: The angles for at least the length of the longest sequence.
  public func rotate(_ x: Tensor, heads: Int, by angles: RotaryAngles) -> Tensor {
    precondition(x.columns == 2 * angles.halfWidth * heads, "the angles are for heads of another width")
    guard x.rows == batch.tokenCount else { return x }
    let y = makeTensor(rows: x.rows, columns: x.columns, trains: x.trains, firstRow: x.firstRow)
    let step = RotateStep(
      x: x.withoutValues, y: y.withoutValues, heads: heads, cosines: angles.cosines.floats.baseAddress,
      sines: angles.sines.floats.baseAddress, positions: angles.positions)
    keepAlive(angles)
    step.rotate(x.values, into: y.values, direction: 1, adds: false, batch: batch)
    record(step, output: y)
    return y
  }
}

private struct RotateStep: BackwardStep {
  let x: Tensor, y: Tensor, heads: Int
  let cosines: UnsafeMutablePointer<Float>?, sines: UnsafeMutablePointer<Float>?
  let positions: Int

  func rotate(
    _ from: UnsafePointer<Float>, into to: UnsafeMutablePointer<Float>, direction: Float, adds: Bool, batch: PackedBatch
  ) {
    let half = y.columns / heads / 2
    for sequence in 0..<batch.sequenceCount {
      let rows = batch.offsets[sequence]..<batch.offsets[sequence + 1]
      precondition(rows.count <= positions, "a sequence is longer than the angles")
      for (position, row) in rows.enumerated() {
        graft_rotate(
          from + row * y.columns, to + row * y.columns, cosines.map { $0 + position * half },
          sines.map { $0 + position * half }, heads, 2 * half, direction, adds)
      }
    }
  }

  func run(in pass: Pass) {
    guard let dy = y.gradient, let (dx, isNew) = x.gradientToFill() else { return }
    rotate(dy, into: dx, direction: -1, adds: !isNew, batch: pass.batch)
  }
}

/// The cosines and sines of rotary positions.
public final class RotaryAngles: Sendable {
  /// The number of pairs of features in a head.
  let halfWidth: Int
  /// The number of positions.
  let positions: Int
  /// `[positions, halfWidth]`
  let cosines: FloatStorage, sines: FloatStorage

  /// Computes the angles `position / base^(2 i / W)` for feature pair i of a head of width W.
  ///
  /// - Parameters:
  ///   - positions: The number of positions.
  ///   - headWidth: W, an even number.
  ///   - base: The base of the wavelengths, 10,000 in the paper.
  public init(positions: Int, headWidth: Int, base: Double) {
    precondition(headWidth.isMultiple(of: 2), "a head's width must be even")
    halfWidth = headWidth / 2
    self.positions = positions
    cosines = FloatStorage(zeros: positions * halfWidth)
    sines = FloatStorage(zeros: positions * halfWidth)
    for pair in 0..<halfWidth {
      // The frequency is rounded to 32 bits first, as in transformers.
      let frequency = Float(1 / pow(base, Double(2 * pair) / Double(headWidth)))
      for position in 0..<positions {
        let angle = Float(position) * frequency
        cosines.floats[position * halfWidth + pair] = cosf(angle)
        sines.floats[position * halfWidth + pair] = sinf(angle)
      }
    }
  }
}
