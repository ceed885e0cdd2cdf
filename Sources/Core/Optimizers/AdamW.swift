import CKernels
import Foundation

/// Adam with decoupled weight decay, as PyTorch computes it.
///
/// Loshchilov and Hutter, "Decoupled weight decay regularization", 2019, algorithm 2.
public struct AdamW: Sendable {
  /// The hyperparameters that stay fixed during a run.
  public struct Options: Sendable, Equatable {
    /// The decay rates of the two moments.
    public var betas: (Double, Double) = (0.9, 0.999)
    /// The constant added to the square root of the second moment.
    public var epsilon = 1e-8
    /// The fraction by which a step at learning rate 1 would shrink a weight.
    public var weightDecay = 0.0

    /// Creates options with PyTorch's defaults, but without weight decay.
    public init(betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8, weightDecay: Double = 0) {
      self.betas = betas
      self.epsilon = epsilon
      self.weightDecay = weightDecay
    }

    /// Returns whether all options are equal.
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

  /// A parameter and its range in the flat array of all values.
  private struct Part: Sendable {
    let parameter: Parameter
    let range: Range<Int>
    let decays: Bool
  }

  /// Creates an optimizer with zero moments.
  ///
  /// - Parameters:
  ///   - parameters: The parameters to update; their gradients are concatenated in this order.
  ///   - options: The hyperparameters.
  ///   - decays: Returns whether weight decay applies to a parameter.
  public init(_ parameters: [Parameter], options: Options, decays: (Parameter) -> Bool = { _ in true }) {
    self.options = options
    var parts: [Part] = []
    for parameter in parameters {
      let start = parts.last?.range.upperBound ?? 0
      parts.append(Part(parameter: parameter, range: start..<start + parameter.count, decays: decays(parameter)))
    }
    self.parts = parts
    let count = parts.last?.range.upperBound ?? 0
    first = FloatStorage(zeros: count)
    second = FloatStorage(zeros: count)
    previous = FloatStorage(zeros: count)
  }

  /// Updates the parameters from their gradient, which is multiplied by `gradientScale` first.
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
    let parts = parts
    let decay = Float(options.weightDecay)
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

  /// What a later optimizer of the same parameters needs to continue: the moments, the values before the last step, and the number
  /// of steps.
  public struct State: Sendable, Equatable {
    /// The first moments, concatenated.
    public var first: [Float]
    /// The second moments, concatenated.
    public var second: [Float]
    /// The values before the last step, concatenated.
    public var previous: [Float]
    /// The number of steps.
    public var steps: Int

    /// Creates a state.
    public init(first: [Float], second: [Float], previous: [Float], steps: Int) {
      self.first = first
      self.second = second
      self.previous = previous
      self.steps = steps
    }
  }

  /// The current state. Setting it copies the values, which must have the sizes of the parameters.
  public var state: State {
    get {
      State(
        first: Array(first.floats), second: Array(second.floats), previous: Array(previous.floats), steps: steps)
    }
    set {
      for (storage, values) in [(first, newValue.first), (second, newValue.second), (previous, newValue.previous)] {
        precondition(values.count == storage.floats.count, "\(values.count) values, expected \(storage.floats.count)")
        _ = storage.floats.update(from: values)
      }
      steps = newValue.steps
    }
  }

  /// Restores the values that the parameters had before the last step.
  public func undoStep() {
    guard steps > 0 else { return }
    for part in parts { _ = part.parameter.values.update(from: previous.floats[part.range]) }
  }
}
