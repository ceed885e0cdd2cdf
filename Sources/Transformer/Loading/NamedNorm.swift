public import GraftCore

/// A layer norm with its path.
public struct NamedNorm: Sendable {
  /// The path.
  public let path: ModulePath
  /// The parameters.
  public let norm: LayerNorm

  /// Creates a norm with its path.
  public init(path: ModulePath, norm: LayerNorm) {
    self.path = path
    self.norm = norm
  }

  /// Computes `LayerNorm(x)`: `[T, D]` to `[T, D]`.
  public func forward(_ x: Tensor, in pass: Pass) -> Tensor {
    pass.byGroup { rows in pass.residualNorm(rows.of(x), norm) }
  }

  /// The module of the norm.
  public var module: Module { Module(path: path, kind: .layerNorm, parameters: norm.parameters) }
}
