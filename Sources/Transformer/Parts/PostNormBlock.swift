public import GraftCore

/// A block whose residual sums are normalized: `LayerNorm(x + f(x))` for both layers.
///
/// Vaswani et al., 2017, section 3.1, as in BERT.
public struct PostNormBlock: EncoderBlock {
  /// The attention layer.
  public let attention: SelfAttention
  private let path: ModulePath
  private let attentionSum: SubLayerSlot
  private let attentionNorm: NamedNorm
  private let feedForward: FeedForward
  private let feedForwardSum: SubLayerSlot
  private let feedForwardNorm: NamedNorm

  /// The paths of the modules within a block.
  public struct Names: Sendable {
    /// The attention layer.
    public var attention: String
    /// The projection to queries.
    public var query: String
    /// The projection to keys.
    public var key: String
    /// The projection to values.
    public var value: String
    /// The projection of the concatenated heads.
    public var attentionOutput: String
    /// The layer norm after the attention layer.
    public var attentionNorm: String
    /// The feed-forward layer.
    public var feedForward: String
    /// The up-projection.
    public var feedForwardIn: String
    /// The down-projection.
    public var feedForwardOut: String
    /// The layer norm after the feed-forward layer.
    public var feedForwardNorm: String

    /// Creates names.
    public init(
      attention: String, query: String, key: String, value: String, attentionOutput: String, attentionNorm: String,
      feedForward: String, feedForwardIn: String, feedForwardOut: String, feedForwardNorm: String
    ) {
      self.attention = attention
      self.query = query
      self.key = key
      self.value = value
      self.attentionOutput = attentionOutput
      self.attentionNorm = attentionNorm
      self.feedForward = feedForward
      self.feedForwardIn = feedForwardIn
      self.feedForwardOut = feedForwardOut
      self.feedForwardNorm = feedForwardNorm
    }
  }

  /// Loads the blocks of an encoder, all with separate projections and a plain feed-forward layer.
  ///
  /// - Parameters:
  ///   - path: The path of the blocks without their index, such as `encoder.layer`.
  ///   - names: The paths within a block.
  ///   - configuration: The sizes of the model.
  ///   - weights: The checkpoint.
  public static func stack(
    path: String, names: Names, configuration: EncoderConfiguration, weights: inout WeightLoader
  ) throws -> [Self] {
    try (0..<configuration.layerCount).map {
      try Self(path: "\(path).\($0)", index: $0, names: names, configuration: configuration, weights: &weights)
    }
  }

  /// Loads one block.
  ///
  /// - Parameters:
  ///   - path: The path of the block, such as `encoder.layer.0`.
  ///   - index: The index of the block, from 0.
  ///   - names: The paths within the block.
  ///   - configuration: The sizes of the model.
  ///   - weights: The checkpoint.
  public init(
    path: String, index: Int, names: Names, configuration: EncoderConfiguration, weights: inout WeightLoader
  ) throws {
    let d = configuration.hiddenWidth
    let f = configuration.feedForwardWidth
    func projection(_ name: String, _ role: Role, _ output: Int, _ input: Int) throws -> ProjectionSlot {
      try weights.projection("\(path).\(name)", role: role, layer: index, output: output, input: input)
    }
    func norm(_ name: String) throws -> NamedNorm {
      try weights.norm("\(path).\(name)", width: d, epsilon: configuration.epsilon)
    }
    self.path = ModulePath(path)
    let query = try projection(names.query, .query, d, d)
    let key = try projection(names.key, .key, d, d)
    let value = try projection(names.value, .value, d, d)
    let attentionPath = ModulePath("\(path).\(names.attention)")
    attention = SelfAttention(
      slot: AttentionSlot(
        path: attentionPath, role: .attention, layer: index, width: d, heads: configuration.headCount),
      projections: .separate(query: query, key: key, value: value),
      output: try projection(names.attentionOutput, .attentionOutput, d, d))
    attentionNorm = try norm(names.attentionNorm)
    attentionSum = SubLayerSlot(
      path: attentionPath, role: .attention, layer: index, width: d, norm: attentionNorm.norm)
    feedForward = FeedForward(
      input: try projection(names.feedForwardIn, .feedForwardIn, f, d),
      output: try projection(names.feedForwardOut, .feedForwardOut, d, f), activation: configuration.activation)
    feedForwardNorm = try norm(names.feedForwardNorm)
    feedForwardSum = SubLayerSlot(
      path: ModulePath("\(path).\(names.feedForward)"), role: .feedForward, layer: index, width: d,
      norm: feedForwardNorm.norm)
  }

  /// Returns x, which the attention layer reads as it is.
  public func attentionInput(_ x: Tensor, in pass: Pass) -> Tensor { x }

  /// Computes the block's output.
  public func forward(_ x: Tensor, _ rows: EncoderRows, _ context: BlockContext, in pass: Pass) -> Tensor {
    let residual = rows == .firstTokens ? pass.firstTokens(of: x) : x
    let selfAttention = attention.forward(x, queried: residual, context, in: pass)
    let attended = attentionSum.residual(
      residual, adding: selfAttention, dropout: context.dropouts.attentionOutput, in: pass)
    pass.discard(selfAttention, after: attended)
    let transformed = feedForward.forward(attended, in: pass)
    let result = feedForwardSum.residual(attended, adding: transformed, dropout: context.dropouts.hidden, in: pass)
    pass.discard(transformed, after: result)
    pass.discard(attended, after: result)
    return result
  }

  /// The modules, in model order.
  public var modules: [Module] {
    [
      Module(path: path, kind: .group),
      Module(path: attention.slot.path, kind: .group, slots: [attention.slot, attentionSum]),
    ] + attention.modules + [attentionNorm.module] + feedForward.inputModules
      + [
        Module(path: feedForwardSum.path, kind: .group, slots: [feedForwardSum]), feedForward.outputModule,
        feedForwardNorm.module,
      ]
  }
}
