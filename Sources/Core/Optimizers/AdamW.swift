import CKernels
import Foundation

/// Adam with decoupled weight decay, as PyTorch computes it.
///
/// Loshchilov and Hutter, "Decoupled weight decay regularization", 2019, algorithm 2.
public struct AdamW: Sendable {
  /// The numbers that a run sets once.
  public struct Options: Sendable, Equatable {
    /// The decay rates of the two moments.
    public var betas: (Double, Double) = (0.9, 0.999)
    /// What is added to the root of the second moment.
    public var epsilon = 1e-8
    /// The share of a weight that a step at rate 1 would take away.
    public var weightDecay = 0.0

    /// PyTorch's defaults, without decay.
    public init(betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8, weightDecay: Double = 0) {
      (self.betas, self.epsilon, self.weightDecay) = (betas, epsilon, weightDecay)
    }

    /// Whether two sets of numbers are the same.
    public static func == (a: Options, b: Options) -> Bool {
      a.betas == b.betas && a.epsilon == b.epsilon && a.weightDecay == b.weightDecay
    }
  }

  private let options: Options
  private let parameters: [(parameter: Parameter, decays: Bool)]
  private var first: [Float]
  private var second: [Float]
  private var steps = 0

  /// An optimizer with zero moments.
  ///
  /// - Parameters:
  ///   - parameters: What it updates; gradients come in this order, one behind the other.
  ///   - options: The numbers that a run sets once.
  ///   - decays: Whether weight decay applies to a parameter.
  public init(_ parameters: [Parameter], options: Options, decays: (Parameter) -> Bool = { _ in true }) {
    self.options = options
    self.parameters = parameters.map { ($0, decays($0)) }
    let count = parameters.reduce(0) { $0 + $1.count }
    first = Array(repeating: 0, count: count)
    second = first
  }

  /// Updates the parameters from their gradient, taken times `gradientScale`.
  public mutating func step(gradient: UnsafeBufferPointer<Float>, learningRate: Double, gradientScale: Double = 1) {
    precondition(gradient.count == first.count, "\(gradient.count) gradients for \(first.count) values")
    steps += 1
    var step = graft_adamw_step(
      learning_rate: Float(learningRate), beta1: Float(options.betas.0), beta2: Float(options.betas.1),
      epsilon: Float(options.epsilon), weight_decay: 0,
      correction1: Float(1 - pow(options.betas.0, Double(steps))),
      correction2: Float(1 - pow(options.betas.1, Double(steps))), gradient_scale: Float(gradientScale))
    var offset = 0
    for (parameter, decays) in parameters {
      step.weight_decay = decays ? Float(options.weightDecay) : 0
      first.withUnsafeMutableBufferPointer { first in
        second.withUnsafeMutableBufferPointer { second in
          guard let first = first.baseAddress, let second = second.baseAddress else { return }
          graft_adamw(
            step, parameter.values.baseAddress, gradient.baseAddress.map { $0 + offset }, first + offset,
            second + offset, parameter.count)
        }
      }
      offset += parameter.count
    }
  }
}

/// The Euclidean norm of all gradients together, and the factor that brings it down to `limit`.
///
/// Pascanu et al., 2013; as PyTorch's `clip_grad_norm_`, which divides by norm + 1e-6.
public func clipByGlobalNorm(_ gradient: UnsafeBufferPointer<Float>, limit: Double?) -> (norm: Double, scale: Double) {
  let norm = gradient.baseAddress.map { graft_sum_of_squares($0, gradient.count).squareRoot() } ?? 0
  guard let limit else { return (norm, 1) }
  return (norm, min(1, limit / (norm + 1e-6)))
}
