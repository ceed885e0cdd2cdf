import CKernels

extension Pass {
  /// Computes `y = x W^T + b`: x `[T, in]`, W `[out, in]`, b `[out]`, y `[T, out]`.
  public func linear(_ x: Tensor, weight: Tensor, bias: Tensor?) -> Tensor {
    precondition(x.columns == weight.columns, "expected \(weight.columns) input features, got \(x.columns)")
    let y = makeTensor(
      rows: x.rows, columns: weight.rows, trains: x.trains || weight.trains || bias?.trains == true,
      firstRow: x.firstRow)
    if let bias { graft_fill_rows(y.values, y.rows, y.columns, bias.values) }
    profile?.count(rows: x.rows, depth: x.columns, columns: y.columns)
    multiply(
      y.rows, y.columns, x.columns, x.values, weight.values, transposeB: true, beta: bias == nil ? 0 : 1,
      into: y.values)
    record(LinearStep(x, weight: weight, bias: bias, y: y, scale: 1), output: y)
    return y
  }

  /// Computes `y = x W^T + b` with a layer's parameters under the pass's bindings, or `y = x W^T` without the bias.
  public func linear(_ x: Tensor, _ layer: Linear, addsBias: Bool = true) -> Tensor {
    let bias = addsBias ? layer.bias.map(tensor) : nil
    guard let frozen = frozenWeight(of: layer) else {
      defer { if mode == .exactInference { layer.frozenWeight.releaseOriginal() } }
      return linear(x, weight: tensor(layer.weight), bias: bias)
    }
    precondition(x.columns == layer.weight.columns, "expected \(layer.weight.columns) input features, got \(x.columns)")
    let y = makeTensor(
      rows: x.rows, columns: layer.weight.rows, trains: x.trains || bias?.trains == true, firstRow: x.firstRow)
    profile?.count(rows: x.rows, depth: x.columns, columns: y.columns)
    frozen.project(x, bias: bias.map { UnsafePointer($0.values) }, into: y, with: kernels)
    record(
      FrozenLinearStep(
        x: x.withoutValues, weight: .passUnretained(frozen), bias: bias?.withoutValues, y: y.withoutValues), output: y)
    return y
  }

  /// Computes `y += scale x W^T` in place: x `[T, in]`, W `[out, in]`, y `[T, out]`.
  ///
  /// - Returns: y, with a new gradient if it had none and x or W trains.
  public func addLinear(_ x: Tensor, weight: Tensor, scale: Float, to y: Tensor) -> Tensor {
    precondition(
      x.columns == weight.columns && y.columns == weight.rows && x.rows == y.rows,
      "addLinear: the shapes do not match")
    profile?.count(rows: x.rows, depth: x.columns, columns: y.columns)
    multiply(
      y.rows, y.columns, x.columns, alpha: scale, x.values, weight.values, transposeB: true, beta: 1, into: y.values)
    let sum = y.trains || !(x.trains || weight.trains) ? y : withGradient(y)
    record(LinearStep(x, weight: weight, bias: nil, y: sum, scale: scale), output: sum)
    return sum
  }
}

/// `dx += dy W`, `db += sum over rows of dy`.
private struct FrozenLinearStep: BackwardStep {
  let x: Tensor, weight: Unmanaged<FrozenWeight>, bias: Tensor?, y: Tensor

  func run(in pass: Pass) {
    guard let dy = y.gradient else { return }
    if let (dx, isNew) = x.gradientToFill() {
      pass.profile?.count(rows: x.rows, depth: y.columns, columns: x.columns)
      weight._withUnsafeGuaranteedRef { $0.projectBack(dy, rows: y.rows, into: dx, adds: !isNew, with: pass.kernels) }
    }
    if let db = bias?.gradient { graft_accumulate_column_sums(db, dy, y.rows, y.columns) }
  }
}

/// `dx += scale dy W`, `dW += scale dy^T x`, `db += sum over rows of dy`.
private struct LinearStep: BackwardStep {
  let x: Tensor, weight: Tensor, bias: Tensor?, y: Tensor, scale: Float

  init(_ x: Tensor, weight: Tensor, bias: Tensor?, y: Tensor, scale: Float) {
    self.weight = weight
    self.bias = bias?.withoutValues
    self.y = y.withoutValues
    self.scale = scale
    self.x = weight.trains ? x : x.withoutValues
  }

  func run(in pass: Pass) {
    guard let dy = y.gradient else { return }
    if let (dx, isNew) = x.gradientToFill() {
      pass.profile?.count(rows: x.rows, depth: y.columns, columns: x.columns)
      multiply(x.rows, x.columns, y.columns, alpha: scale, dy, weight.values, beta: isNew ? 0 : 1, into: dx)
    }
    if let (dw, isNew) = weight.gradientToFill() {
      pass.profile?.count(rows: x.rows, depth: y.columns, columns: x.columns)
      multiply(
        y.columns, x.columns, x.rows, alpha: scale, dy, transposeA: true, x.values, beta: isNew ? 0 : 1, into: dw)
    }
    if let db = bias?.gradient { graft_accumulate_column_sums(db, dy, y.rows, y.columns) }
  }
}
