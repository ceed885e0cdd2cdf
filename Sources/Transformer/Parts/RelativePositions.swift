public import GraftCore

/// The bias of an encoder's attention layers by head and relative position, with one table for all layers.
///
/// Raffel et al., "Exploring the limits of transfer learning", 2020, section 2.1.
public struct RelativePositions: Sendable {
  private let path: ModulePath
  private let table: Parameter
  private let buckets: RelativeBuckets

  /// Loads the table, `[buckets, H]`.
  ///
  /// - Parameters:
  ///   - path: The path of the table.
  ///   - buckets: The bucket of each distance.
  ///   - heads: H.
  ///   - weights: The checkpoint.
  public init(path: String, buckets: RelativeBuckets, heads: Int, weights: inout WeightLoader) throws {
    self.path = ModulePath(path)
    self.buckets = buckets
    table = try weights.parameter(self.path.parameter("weight"), [buckets.count, heads])
  }

  /// Returns a function that returns the bias. It is computed once per pass, unless groups of sequences may have different tables.
  func bias(in pass: Pass) -> () -> Tensor {
    func tensor() -> Tensor { pass.relativeBias(pass.tensor(table), buckets: buckets) }
    guard !pass.isMixed else { return tensor }
    let shared = tensor()
    return { shared }
  }

  var module: Module { Module(path: path, kind: .embedding, parameters: [table]) }
}
