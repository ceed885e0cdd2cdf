import CKernels
import Foundation

extension Pass {
  /// Returns the additive attention bias of each head for each distance between a query and a key: `[H, 2 L - 1]`, where L is the
  /// length of the batch's longest sequence; the value for distance 0 is in the middle.
  ///
  /// Raffel et al., "Exploring the limits of transfer learning", 2020, section 2.1.
  ///
  /// - Parameters:
  ///   - table: The bias of each bucket, `[buckets, H]`.
  ///   - buckets: The bucket of each distance.
  public func relativeBias(_ table: Tensor, buckets: RelativeBuckets) -> Tensor {
    precondition(table.rows == buckets.count, "expected \(buckets.count) rows, got \(table.rows)")
    let longest = (0..<batch.sequenceCount).reduce(1) { max($0, batch.offsets[$1 + 1] - batch.offsets[$1]) }
    let y = makeTensor(rows: table.columns, columns: 2 * longest - 1, trains: table.trains, firstRow: 0)
    forEachDistance(of: y, buckets) { column, bucket in
      for head in 0..<y.rows { y.values[head * y.columns + column] = table.values[bucket * y.rows + head] }
    }
    record(RelativeBiasStep(table: table.withoutValues, y: y.withoutValues, buckets: buckets), output: y)
    return y
  }

  /// Calls `body` with each column of a bias and the bucket of its distance.
  fileprivate func forEachDistance(
    of y: Tensor, _ buckets: RelativeBuckets, _ body: (_ column: Int, _ bucket: Int) -> Void
  ) {
    for column in 0..<y.columns { body(column, buckets.bucket(of: column - y.columns / 2)) }
  }
}

/// Adds each distance's gradient to the row of its bucket.
private struct RelativeBiasStep: BackwardStep {
  let table: Tensor, y: Tensor, buckets: RelativeBuckets

  func run(in pass: Pass) {
    guard let dtable = table.gradient, let dy = y.gradient else { return }
    pass.forEachDistance(of: y, buckets) { column, bucket in
      for head in 0..<y.rows { dtable[bucket * y.rows + head] += dy[head * y.columns + column] }
    }
  }
}

/// The buckets of T5 and MPNet for the distances between queries and keys: one bucket per short distance, and logarithmically
/// growing ones up to `maximumDistance`, separately for keys before and after the query.
public struct RelativeBuckets: Sendable, Equatable, BitwiseCopyable {
  /// The number of buckets, an even number of at least 4.
  public let count: Int
  /// The distance from which all keys are in the last bucket.
  public let maximumDistance: Int

  /// Creates buckets.
  public init(count: Int, maximumDistance: Int) {
    precondition(count >= 4 && count.isMultiple(of: 2) && maximumDistance > count / 4, "too few buckets or distances")
    self.count = count
    self.maximumDistance = maximumDistance
  }

  /// Returns the bucket of a distance, which is the key's position minus the query's.
  public func bucket(of distance: Int) -> Int {
    let half = count / 2
    let exact = half / 2
    let first = distance > 0 ? half : 0
    let length = abs(distance)
    guard length >= exact else { return first + length }
    // In 32 bits and in this order, as the libraries that trained the models compute it.
    let growth =
      logf(Float(length) / Float(exact)) / Float(log(Double(maximumDistance) / Double(exact))) * Float(half - exact)
    return first + min(exact + Int(growth), half - 1)
  }
}
