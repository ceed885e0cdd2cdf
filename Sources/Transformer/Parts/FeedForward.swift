public import GraftCore

/// The feed-forward layer of a block, without the residual sum: x `[T, D]` to `[T, D]`.
public struct FeedForward: Sendable {
  private let input: ProjectionSlot
  private let gate: Gate?
  private let output: ProjectionSlot
  private let activation: Activation

  /// The two ranges of a gated layer's up-projection: `f(activated) ⊙ gate`. (Shazeer, "GLU variants", 2020.)
  public struct Gate: Sendable {
    let activated: ProjectionSlot
    let gate: ProjectionSlot

    /// Divides the outputs of a fused up-projection, `[2 F, D]`, into the activated range and the gate.
    public init(of fused: ProjectionSlot) {
      let width = fused.outputWidth / 2
      activated = ProjectionSlot("activated", role: .feedForwardActivated, outputs: 0..<width, of: fused)
      gate = ProjectionSlot("gate", role: .feedForwardGate, outputs: width..<2 * width, of: fused)
    }
  }

  /// Creates a layer from its parts.
  ///
  /// - Parameters:
  ///   - input: The up-projection, `[F, D]`, or `[2 F, D]` with a gate.
  ///   - gate: The ranges of a gated layer, or `nil`.
  ///   - output: The down-projection, `[D, F]`.
  ///   - activation: The activation between them.
  public init(input: ProjectionSlot, gate: Gate? = nil, output: ProjectionSlot, activation: Activation) {
    self.input = input
    self.gate = gate
    self.output = output
    self.activation = activation
  }

  /// Computes the layer's output: `[T, D]` to `[T, D]`.
  public func forward(_ x: Tensor, in pass: Pass) -> Tensor {
    let inner = input.forward(x, in: pass)
    let activated = activated(inner, input: x, in: pass)
    pass.discard(inner, after: activated)
    let result = output.forward(activated, in: pass)
    pass.discard(activated, after: result)
    return result
  }

  private func activated(_ inner: Tensor, input x: Tensor, in pass: Pass) -> Tensor {
    guard let gate else { return pass.activate(inner, activation) }
    return pass.elementwiseProduct(
      pass.activate(gate.activated.range(of: inner, input: x, in: pass), activation),
      gate.gate.range(of: inner, input: x, in: pass))
  }

  /// The modules of the up-projection.
  public var inputModules: [Module] { ([input] + (gate.map { [$0.activated, $0.gate] } ?? [])).map { Module($0) } }
  /// The module of the down-projection.
  public var outputModule: Module { Module(output) }
}
