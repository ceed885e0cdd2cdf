import Foundation

/// The initial values of a new parameter. They depend on the seed and the parameter's name, not on the order of initialization.
public enum Initializer: Sendable {
  /// All zeros.
  case zeros
  /// All ones.
  case ones
  /// The same value everywhere.
  case constant(Float)
  /// Normally distributed with mean 0 and this standard deviation.
  case normal(deviation: Float)
  /// Uniformly distributed between -bound and bound.
  case uniform(bound: Float)
  /// The Euclidean norm of each row of another parameter; not random.
  case rowNorms(of: Parameter)

  /// The uniform initialization of He et al. with `a = sqrt 5`, used by PyTorch for a linear layer and by peft for LoRA's A:
  /// uniformly distributed within `±1 / sqrt(fan-in)`.
  public static func kaimingUniform(fanIn: Int) -> Initializer { .uniform(bound: 1 / Float(fanIn).squareRoot()) }

  /// Fills `parameter` with its initial values.
  package func fill(_ parameter: Parameter, seed: UInt64) {
    if case .rowNorms(let matrix) = self {
      precondition(parameter.count == matrix.rows, "\(parameter.name): a norm for each row of \(matrix.name)")
      if let values = matrix.values.baseAddress {
        computeRowNorms(of: values, columns: matrix.columns, into: parameter.values)
      }
      return
    }
    var random = RandomStream(seed: seed, purpose: parameter.name)
    for i in parameter.values.indices { parameter.values[i] = draw(&random) }
  }

  private func draw(_ random: inout RandomStream) -> Float {
    switch self {
    case .zeros, .rowNorms: 0
    case .ones: 1
    case .constant(let value): value
    case .uniform(let bound): Float(random.uniform() * 2 - 1) * bound
    case .normal(let deviation):  // Box and Muller, 1958; 1 - u keeps the logarithm finite
      Float((-2 * log(1 - random.uniform())).squareRoot() * cos(2 * .pi * random.uniform())) * deviation
    }
  }
}
