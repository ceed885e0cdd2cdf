public import GraftCore

/// A task head of any number of projections, `[S, D]` to `[S, C]`: what AdapterHub's adapters calls a flex head.
///
/// Each projection comes after a dropout; all but the last are `[D, D]` and are followed by the activation. It reads each
/// sequence's first token, or that token's pooled vector.
public struct StackedHead: HeadAttachment {
  /// The structure.
  public let shape: Shape
  private let layers: [(weight: Parameter, bias: Parameter?)]

  /// The structure of a head, as an adapter file has it.
  public struct Shape: Codable, Sendable, Equatable {
    /// The number of projections.
    public var layers: Int
    /// The function after every projection but the last; `nil`: none.
    public var activation: Activation?
    /// Whether it reads the base's pooled vector.
    public var pooler: Bool
    /// Whether the last projection has a bias; the others always do.
    public var bias: Bool
    /// The probability of an element to be dropped before each projection, in training; `nil`: that of the base's own head.
    public var dropout: Double?

    /// A structure by its parts.
    public init(layers: Int, activation: Activation?, pooler: Bool, bias: Bool = true, dropout: Double? = nil) {
      self.layers = layers
      self.activation = activation
      self.pooler = pooler
      self.bias = bias
      self.dropout = dropout
    }

    /// Decodes and validates; unknown keys are refused.
    public init(from decoder: any Decoder) throws {
      var options = try OptionReader(decoder)
      layers = try options.value(
        "layers", default: 1, "the number of projections", check: Allowed.whole(1...Self.mostLayers))
      activation = try options.optionalChoice("activation", of: Activation.self, "the function between projections")
      pooler = try options.value("pooler", default: false, "read the base's pooled vector")
      bias = try options.value("bias", default: true, "the last projection has a bias")
      dropout = try options.optional("dropout", "dropout before each projection", check: Allowed.dropout)
      try options.finish()
    }

    /// More than any head has.
    public static let mostLayers = 32
  }

  /// Plans a head's parameters, `head.INDEX.weight` and `head.INDEX.bias`.
  init(_ shape: Shape, width: Int, classes: Int, initializer: Initializer, plan: inout InjectionPlan) {
    self.shape = shape
    layers = (0..<shape.layers).map { index in
      let isLast = index == shape.layers - 1
      let path = ModulePath("head.\(index)")
      let rows = isLast ? classes : width
      let weight = plan.makeParameter("weight", of: path, shape: [rows, width], initializer)
      let hasBias = !isLast || shape.bias
      return (weight, hasBias ? plan.makeParameter("bias", of: path, shape: [rows], .zeros) : nil)
    }
  }

  /// Runs the projections one after the other.
  public func forward(_ x: Tensor, pooled: () -> Tensor, dropout probability: Float, in pass: Pass) -> Tensor {
    let probability = shape.dropout.map { Float($0) } ?? probability
    var x = shape.pooler ? pooled() : x
    for (index, layer) in layers.enumerated() {
      x = pass.linear(
        pass.dropout(x, probability: probability), weight: pass.tensor(layer.weight),
        bias: layer.bias.map { pass.tensor($0) })
      if index < layers.count - 1, let activation = shape.activation { x = pass.activate(x, activation) }
    }
    return x
  }
}

/// What an adapter carries besides its method's parameters and a head of the base's structure.
public struct AdapterExtras: Sendable, Equatable {
  /// Names of the base's parameters that it has its own values for.
  public var carried: [String]
  /// The structure of its head, where that is not the base's.
  public var head: StackedHead.Shape?

  /// Nothing, unless given.
  public init(carried: [String] = [], head: StackedHead.Shape? = nil) {
    self.carried = carried
    self.head = head
  }
}

extension Adapter {
  /// What it carries besides its method's parameters and a head of the base's structure.
  public var extras: AdapterExtras { AdapterExtras(carried: carried, head: (head as? StackedHead)?.shape) }
}
