import CKernels

/// An activation function.
public enum Activation: String, Codable, Sendable, CaseIterable, BitwiseCopyable {
  /// The Gaussian error linear unit, computed with the error function. (Hendrycks and Gimpel, 2016.)
  case gelu
  /// The approximation of the Gaussian error linear unit by the hyperbolic tangent: `gelu_new`. (Hendrycks and Gimpel, 2016.)
  case geluNew = "gelu_new"
  /// max(0, x).
  case relu
  /// The hyperbolic tangent.
  case tanh
  /// x times the logistic sigmoid of x, also called SiLU. (Ramachandran et al., 2017.)
  case swish
}

extension Pass {
  /// Computes `y = f(x)`, elementwise.
  public func activate(_ x: Tensor, _ function: Activation) -> Tensor {
    let y = makeTensor(rows: x.rows, columns: x.columns, trains: x.trains, firstRow: x.firstRow)
    switch function {
    case .gelu: graft_gelu(x.values, y.values, x.count)
    case .geluNew: graft_gelu_new(x.values, y.values, x.count)
    case .relu: graft_relu(x.values, y.values, x.count)
    case .tanh: graft_tanh(x.values, y.values, x.count)
    case .swish: graft_swish(x.values, y.values, x.count)
    }
    let readsInput = function == .gelu || function == .geluNew || function == .swish
    record(
      ActivationStep(
        x: readsInput ? x : x.withoutValues, y: readsInput ? y.withoutValues : y, function: function), output: y)
    return y
  }
}

/// `dx += dy f'(x)`.
private struct ActivationStep: BackwardStep {
  let x: Tensor, y: Tensor, function: Activation

  func run(in pass: Pass) {
    guard let (dx, isNew) = x.gradientToFill(), let dy = y.gradient else { return }
    switch function {
    case .gelu: graft_gelu_backward(x.values, dy, dx, x.count, !isNew)
    case .geluNew: graft_gelu_new_backward(x.values, dy, dx, x.count, !isNew)
    case .relu: graft_relu_backward(y.values, dy, dx, x.count, !isNew)
    case .tanh: graft_tanh_backward(y.values, dy, dx, x.count, !isNew)
    case .swish: graft_swish_backward(x.values, dy, dx, x.count, !isNew)
    }
  }
}
