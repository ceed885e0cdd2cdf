import Foundation

/// How a new parameter starts. Every draw comes from the seed and the parameter's name, so the order does not matter.
public enum Initializer: Sendable {
  /// All zeros.
  case zeros
  /// All ones.
  case ones
  /// Normal with mean 0 and this deviation.
  case normal(deviation: Float)
  /// Uniform between -bound and bound.
  case uniform(bound: Float)
  /// The Euclidean norm of each row of another parameter; nothing is drawn.
  case rowNorms(of: Parameter)

  /// He et al.'s uniform initialization with `a = sqrt 5`, as PyTorch starts a linear layer and peft LoRA's A:
  /// uniform within `±1 / sqrt(fan-in)`.
  public static func kaimingUniform(fanIn: Int) -> Initializer { .uniform(bound: 1 / Float(fanIn).squareRoot()) }

  /// Fills `parameter`.
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
    case .uniform(let bound): Float(random.uniform() * 2 - 1) * bound
    case .normal(let deviation):  // Box and Muller, 1958; 1 - u keeps the logarithm finite
      Float((-2 * log(1 - random.uniform())).squareRoot() * cos(2 * .pi * random.uniform())) * deviation
    }
  }
}
