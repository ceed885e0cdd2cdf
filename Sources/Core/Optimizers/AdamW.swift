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
      self.betas = betas
      self.epsilon = epsilon
      self.weightDecay = weightDecay
    }

    /// Whether two sets of numbers are the same.
    public static func == (a: Options, b: Options) -> Bool {
      a.betas == b.betas && a.epsilon == b.epsilon && a.weightDecay == b.weightDecay
    }
  }

  private let options: Options
  private let parts: [Part]
  private let first: FloatStorage
  private let second: FloatStorage
  /// The values before the last step.
  private let previous: FloatStorage
  private var steps = 0

  /// A parameter's place among all values.
  private struct Part: Sendable {
    let parameter: Parameter
    let range: Range<Int>
    let decays: Bool
  }

  /// An optimizer with zero moments.
  ///
  /// - Parameters:
  ///   - parameters: What it updates; gradients come in this order, one behind the other.
  ///   - options: The numbers that a run sets once.
  ///   - decays: Whether weight decay applies to a parameter.
  public init(_ parameters: [Parameter], options: Options, decays: (Parameter) -> Bool = { _ in true }) {
    self.options = options
    var parts: [Part] = []
    for parameter in parameters {
      let start = parts.last?.range.upperBound ?? 0
      parts.append(Part(parameter: parameter, range: start..<start + parameter.count, decays: decays(parameter)))
    }
    self.parts = parts
    let count = parts.last?.range.upperBound ?? 0
    (first, second, previous) = (
      FloatStorage(zeros: count), FloatStorage(zeros: count), FloatStorage(zeros: count)
    )
  }

  /// Updates the parameters from their gradient, taken times `gradientScale`.
  public mutating func step(
    gradient: UnsafeBufferPointer<Float>, learningRate: Double, gradientScale: Double = 1, on workers: Workers
  ) {
    precondition(gradient.count == first.floats.count, "\(gradient.count) gradients for \(first.floats.count) values")
    steps += 1
    let step = graft_adamw_step(
      learning_rate: Float(learningRate), beta1: Float(options.betas.0), beta2: Float(options.betas.1),
      epsilon: Float(options.epsilon), weight_decay: 0,
      correction1: Float(1 - pow(options.betas.0, Double(steps))),
      correction2: Float(1 - pow(options.betas.1, Double(steps))), gradient_scale: Float(gradientScale))
    guard let first = first.floats.baseAddress, let second = second.floats.baseAddress,
      let previous = previous.floats.baseAddress, let gradients = gradient.baseAddress
    else { return }
    nonisolated(unsafe) let (m, v, before, g) = (first, second, previous, gradients)
    let (parts, decay) = (parts, Float(options.weightDecay))
    workers.forEachBlock(of: gradient.count) { _, block in
      for part in parts where part.range.overlaps(block) {
        let range = part.range.clamped(to: block)
        guard let values = part.parameter.values.baseAddress.map({ $0 + range.lowerBound - part.range.lowerBound })
        else { continue }
        (before + range.lowerBound).update(from: values, count: range.count)
        var step = step
        step.weight_decay = part.decays ? decay : 0
        graft_adamw(
          step, values, g + range.lowerBound, m + range.lowerBound, v + range.lowerBound, range.count)
      }
    }
  }

  /// Gives the parameters the values that they had before the last step.
  public func undoStep() {
    guard steps > 0 else { return }
    for part in parts { _ = part.parameter.values.update(from: previous.floats[part.range]) }
  }
}
