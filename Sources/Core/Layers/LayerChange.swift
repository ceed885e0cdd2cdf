import CKernels

/// The change that merged adapters make to a projection: `W' = factor ⊙ W + shift`, elementwise, and the same for the bias.
///
/// The result is bit-identical on every processor, so that a merge on disk can be undone exactly. A change that does not depend
/// on W, such as a low-rank update, leaves the factor at exactly one.
public struct LayerChange: Sendable {
  /// The dimensions of the weight.
  public let rows: Int, columns: Int
  /// `[out, in]`; `nil` means ones.
  private var factor: [Float]?
  /// `[out, in]`
  private var shift: [Float]
  /// `[out]`
  private var biasFactor: [Float]?
  /// `[out]`
  private var biasShift: [Float]?

  init(of layer: Linear) {
    rows = layer.weight.rows
    columns = layer.weight.columns
    shift = Array(repeating: 0, count: rows * columns)
  }

  /// Adds `scale B A` to the weight: A `[R, in]`, B `[out, R]`. With `rowScales`, `[out]`, each row of the update is multiplied
  /// by its factor.
  public mutating func addProduct(_ b: Parameter, _ a: Parameter, scale: Float, rowScales: [Float]? = nil) {
    addLowRank(b, a, scale: scale, rowScales: rowScales, to: &shift)
  }

  /// Adds the base weight multiplied by a factor for each element.
  public mutating func addBase(times added: (_ row: Int, _ column: Int) -> Float) {
    var factor = factor ?? Array(repeating: 1, count: rows * columns)
    for row in 0..<rows {
      for column in 0..<columns { factor[row * columns + column] += added(row, column) }
    }
    self.factor = factor
  }

  /// Multiplies the projection's outputs by factors, `[out]`: the rows of the weight, and the bias if there is one.
  public mutating func scaleOutputs(by scales: [Float]) {
    precondition(scales.count == rows, "expected \(rows) scales, got \(scales.count)")
    var factor = factor ?? Array(repeating: 1, count: rows * columns)
    for i in factor.indices {
      factor[i] *= scales[i / columns]
      shift[i] *= scales[i / columns]
    }
    self.factor = factor
    biasFactor = zip(biasFactor ?? Array(repeating: 1, count: rows), scales).map { $0 * $1 }
    biasShift = biasShift.map { zip($0, scales).map { $0 * $1 } }
  }

  /// Changes some rows of the projection: those of a range of a fused projection.
  ///
  /// - Parameters:
  ///   - range: The rows.
  ///   - layer: The layer of the range.
  ///   - body: Changes the layer of the range, which may already have been changed with the whole.
  mutating func change(_ range: Range<Int>, of layer: Linear, _ body: (inout LayerChange) throws -> Void) rethrows {
    guard range != 0..<rows else { return try body(&self) }
    let elements = range.lowerBound * columns..<range.upperBound * columns
    var part = LayerChange(of: layer)
    part.shift = Array(shift[elements])
    part.factor = factor.map { Array($0[elements]) }
    part.biasFactor = biasFactor.map { Array($0[range]) }
    part.biasShift = biasShift.map { Array($0[range]) }
    try body(&part)
    shift.replaceSubrange(elements, with: part.shift)
    factor = Self.replacing(elements, of: factor, count: rows * columns, with: part.factor)
    biasFactor = Self.replacing(range, of: biasFactor, count: rows, with: part.biasFactor)
    if let shift = part.biasShift { biasShift?.replaceSubrange(range, with: shift) }
  }

  /// Returns factors in which a range is replaced; `nil` means ones.
  private static func replacing(_ range: Range<Int>, of factors: [Float]?, count: Int, with part: [Float]?) -> [Float]?
  {
    guard let part else { return factors }
    var factors = factors ?? Array(repeating: 1, count: count)
    factors.replaceSubrange(range, with: part)
    return factors
  }

  /// Returns the changed layer in newly allocated memory.
  func applied(to layer: Linear) -> Linear {
    let weight = layer.weight.copy()
    let bias = layer.bias?.copy()
    apply(factor, shift, to: weight)
    if let bias { apply(biasFactor, biasShift, to: bias) }
    return Linear(weight: weight, bias: bias, products: layer.products)
  }

  /// Returns an approximation of the layer before the change, which differs from it only by rounding errors.
  package func undone(from layer: Linear) -> Linear {
    let weight = layer.weight.copy()
    let bias = layer.bias?.copy()
    undo(factor, shift, from: weight)
    if let bias { undo(biasFactor, biasShift, from: bias) }
    return Linear(weight: weight, bias: bias, products: layer.products)
  }

  private func apply(_ factor: [Float]?, _ shift: [Float]?, to parameter: Parameter) {
    let values = parameter.values
    if let factor { for i in values.indices { values[i] *= factor[i] } }
    if let shift { for i in values.indices { values[i] += shift[i] } }
  }

  private func undo(_ factor: [Float]?, _ shift: [Float]?, from parameter: Parameter) {
    let values = parameter.values
    if let shift { for i in values.indices { values[i] -= shift[i] } }
    if let factor { for i in values.indices { values[i] /= factor[i] } }
  }
}

/// Returns the Euclidean norms of the rows of `W + scale B A`, `[out]`, which DoRA treats as constants. They are summed in a
/// fixed order, so that they are the same on every processor.
public func rowNorms(of weight: Parameter, adding b: Parameter, _ a: Parameter, scale: Float) -> [Float] {
  var sum = Array(weight.values)
  addLowRank(b, a, scale: scale, rowScales: nil, to: &sum)
  return [Float](unsafeUninitializedCapacity: weight.rows) { norms, count in
    count = weight.rows
    computeRowNorms(
      of: sum, columns: weight.columns, into: UnsafeMutableBufferPointer(rebasing: norms[..<count]))
  }
}

private func addLowRank(_ b: Parameter, _ a: Parameter, scale: Float, rowScales: [Float]?, to sum: inout [Float]) {
  precondition(b.columns == a.rows && b.rows * a.columns == sum.count, "\(b.name): the shapes do not match")
  guard let left = b.values.baseAddress, let right = a.values.baseAddress else { return }
  var scratch = [Float](repeating: 0, count: a.columns)
  graft_add_low_rank(&sum, left, right, b.rows, a.columns, a.rows, scale, rowScales, &scratch)
}
