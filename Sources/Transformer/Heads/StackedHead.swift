public import GraftCore

/// A task head with any number of projections, `[S, D]` to `[S, C]`; the library `adapters` of AdapterHub calls it a flex head.
///
/// There is a dropout before each projection. All projections but the last are `[D, D]` and are followed by the activation. The
/// input is each sequence's first token, or that token's pooled vector.
public struct StackedHead: HeadAttachment {
  /// The structure.
  public let shape: Shape
  private let layers: [(weight: Parameter, bias: Parameter?)]

  /// The structure of a head, as stored in an adapter file.
  public struct Shape: Codable, Sendable, Equatable {
    /// The number of projections.
    public var layers: Int
    /// The activation after every projection but the last; `nil` means none.
    public var activation: Activation?
    /// Whether the input is the base's pooled vector.
    public var pooler: Bool
    /// Whether the last projection has a bias; the others always do.
    public var bias: Bool
    /// The dropout probability before each projection, in training; `nil` means that of the base's own head.
    public var dropout: Double?

    /// Creates a structure from its parts.
    public init(layers: Int, activation: Activation?, pooler: Bool, bias: Bool = true, dropout: Double? = nil) {
      self.layers = layers
      self.activation = activation
      self.pooler = pooler
      self.bias = bias
      self.dropout = dropout
    }

    /// Decodes and validates the structure; unknown keys are rejected.
    public init(from decoder: any Decoder) throws {
      var options = try OptionReader(decoder)
      layers = try options.value(
        "layers", default: 1, "the number of projections", check: Allowed.whole(1...Self.maximumLayers))
      activation = try options.optionalChoice("activation", of: Activation.self, "the activation between projections")
      pooler = try options.value("pooler", default: false, "read the base's pooled vector")
      bias = try options.value("bias", default: true, "whether the last projection has a bias")
      dropout = try options.optional("dropout", "dropout before each projection", check: Allowed.dropout)
      try options.finish()
    }

    /// The maximum number of projections, which is more than any real head has.
    public static let maximumLayers = 32
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

  /// Computes the logits.
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

/// The contents of an adapter besides its method's parameters and a head with the base's structure.
public struct AdapterExtras: Sendable, Equatable {
  /// The names of the base parameters for which the adapter has its own values.
  public var carried: [String]
  /// The structure of its head, if it differs from the base's.
  public var head: StackedHead.Shape?

  /// Creates extras, which are empty by default.
  public init(carried: [String] = [], head: StackedHead.Shape? = nil) {
    self.carried = carried
    self.head = head
  }
}

extension Adapter {
  /// The adapter's contents besides its method's parameters and a head with the base's structure.
  public var extras: AdapterExtras { AdapterExtras(carried: carried, head: (head as? StackedHead)?.shape) }
}
