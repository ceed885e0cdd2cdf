public import GraftCore

/// A block whose layers read normalized inputs: `x + f(LayerNorm(x))` for both layers.
///
/// Xiong et al., "On layer normalization in the transformer architecture", 2020, as in ModernBERT.
public struct PreNormBlock: EncoderBlock {
  /// The attention layer.
  public let attention: SelfAttention
  private let path: ModulePath
  private let attentionNorm: NamedNorm?
  private let attentionSum: SubLayerSlot
  private let feedForwardNorm: NamedNorm
  private let feedForward: FeedForward
  private let feedForwardSum: SubLayerSlot

  /// Creates a block from its parts.
  ///
  /// - Parameters:
  ///   - path: The path of the block.
  ///   - attentionNorm: The layer norm before the attention layer; `nil` for a block that reads its input as it is.
  ///   - attention: The attention layer.
  ///   - feedForwardNorm: The layer norm before the feed-forward layer.
  ///   - feedForward: The feed-forward layer.
  ///   - feedForwardPath: The path of the feed-forward layer.
  ///   - layer: The index of the block, from 0.
  public init(
    path: ModulePath, attentionNorm: NamedNorm?, attention: SelfAttention, feedForwardNorm: NamedNorm,
    feedForward: FeedForward, feedForwardPath: ModulePath, layer: Int
  ) {
    self.path = path
    self.attentionNorm = attentionNorm
    self.attention = attention
    attentionSum = SubLayerSlot(
      path: attention.slot.path, role: .attention, layer: layer, width: attention.slot.width, norm: nil)
    self.feedForwardNorm = feedForwardNorm
    self.feedForward = feedForward
    feedForwardSum = SubLayerSlot(
      path: feedForwardPath, role: .feedForward, layer: layer, width: attention.slot.width, norm: nil)
  }

  /// Returns the normalized x.
  public func attentionInput(_ x: Tensor, in pass: Pass) -> Tensor { attentionNorm?.forward(x, in: pass) ?? x }

  /// Computes the block's output.
  public func forward(_ x: Tensor, _ rows: EncoderRows, _ context: BlockContext, in pass: Pass) -> Tensor {
    func chosen(_ x: Tensor) -> Tensor { rows == .firstTokens ? pass.firstTokens(of: x) : x }
    let normalized = attentionInput(x, in: pass)
    let selfAttention = attention.forward(normalized, queried: chosen(normalized), context, in: pass)
    if attentionNorm != nil { pass.discard(normalized, after: selfAttention) }
    let attended = attentionSum.residual(
      chosen(x), adding: selfAttention, dropout: context.dropouts.attentionOutput, in: pass)
    pass.discard(selfAttention, after: attended)
    let inner = feedForwardNorm.forward(attended, in: pass)
    let transformed = feedForward.forward(inner, in: pass)
    pass.discard(inner, after: transformed)
    let result = feedForwardSum.residual(attended, adding: transformed, dropout: context.dropouts.hidden, in: pass)
    pass.discard(transformed, after: result)
    pass.discard(attended, after: result)
    return result
  }

  /// The modules, in model order.
  public var modules: [Module] {
    [Module(path: path, kind: .group)] + [attentionNorm?.module].compactMap(\.self)
      + [Module(path: attention.slot.path, kind: .group, slots: [attention.slot, attentionSum])] + attention.modules
      + [feedForwardNorm.module, Module(path: feedForwardSum.path, kind: .group, slots: [feedForwardSum])]
      + feedForward.inputModules + [feedForward.outputModule]
  }
}
