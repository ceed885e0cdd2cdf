import GraftCore

/// A block: self-attention and feed-forward, each followed by the residual sum and a layer norm.
///
/// Vaswani et al., 2017, section 3.1 (post-norm, as in BERT and DistilBERT).
struct EncoderBlock: Sendable {
  let path: ModulePath
  let attention: AttentionSlot
  let attentionResult: SubLayerSlot
  let query: ProjectionSlot
  let key: ProjectionSlot
  let value: ProjectionSlot
  let attentionOutput: ProjectionSlot
  let attentionNorm: NamedNorm
  let feedForwardIn: ProjectionSlot
  let feedForwardOut: ProjectionSlot
  let feedForwardNorm: NamedNorm
  let feedForwardResult: SubLayerSlot
  let activation: Activation

  init(index: Int, configuration: EncoderConfiguration, weights: inout WeightLoader) throws {
    let family = configuration.family
    let path = ModulePath("\(family.blocks).\(index)")
    let d = configuration.hiddenWidth
    let f = configuration.feedForwardWidth
    func slot(_ name: String, _ role: Role, _ output: Int, _ input: Int) throws -> ProjectionSlot {
      let slotPath = ModulePath("\(path).\(name)")
      return ProjectionSlot(
        path: slotPath, role: role, layer: index,
        frozen: try weights.linear(slotPath, output: output, input: input))
    }
    self.path = path
    query = try slot(family.query, .query, d, d)
    key = try slot(family.key, .key, d, d)
    value = try slot(family.value, .value, d, d)
    attentionOutput = try slot(family.attentionOutput, .attentionOutput, d, d)
    attentionNorm = try weights.norm("\(path).\(family.attentionNorm)", width: d, epsilon: configuration.epsilon)
    feedForwardIn = try slot(family.feedForwardIn, .feedForwardIn, f, d)
    feedForwardOut = try slot(family.feedForwardOut, .feedForwardOut, d, f)
    feedForwardNorm = try weights.norm("\(path).\(family.feedForwardNorm)", width: d, epsilon: configuration.epsilon)
    let attentionPath = ModulePath("\(path).\(family.attention)")
    attention = AttentionSlot(
      path: attentionPath, role: .attention, layer: index, width: d, heads: configuration.headCount)
    attentionResult = SubLayerSlot(path: attentionPath, role: .attention, layer: index, width: d, norm: attentionNorm.norm)
    feedForwardResult = SubLayerSlot(
      path: ModulePath("\(path).\(family.feedForward)"), role: .feedForward, layer: index, width: d,
      norm: feedForwardNorm.norm)
    activation = configuration.activation
  }

  /// Computes the block's output: x `[T, D]` to `[T, D]`, or to `[S, D]` if only the first token of each sequence is needed. In
  /// that case, keys and values are still computed for all tokens, and everything else for one row per sequence.
  func forward(_ x: Tensor, firstTokensOnly: Bool, dropouts: BaseDropouts, in pass: Pass) -> Tensor {
    let residual = firstTokensOnly ? pass.firstTokens(of: x) : x
    let query = query.forward(residual, in: pass)
    let key = key.forward(x, in: pass)
    let value = value.forward(x, in: pass)
    let context = attention.attention(
      query: query, key: key, value: value, dropout: dropouts.attention, in: pass)
    let selfAttention = attentionOutput.forward(context, in: pass)
    pass.discard(context, after: selfAttention)
    let attended = attentionResult.residual(
      residual, adding: selfAttention, dropout: dropouts.attentionOutput, in: pass)
    pass.discard(selfAttention, after: attended)
    let inner = feedForwardIn.forward(attended, in: pass)
    let activated = pass.activate(inner, activation)
    pass.discard(inner, after: activated)
    let feedForward = feedForwardOut.forward(activated, in: pass)
    pass.discard(activated, after: feedForward)
    let result = feedForwardResult.residual(attended, adding: feedForward, dropout: dropouts.hidden, in: pass)
    pass.discard(feedForward, after: result)
    pass.discard(attended, after: result)
    return result
  }

  var modules: [Module] {
    [
      Module(path: path, kind: .group),
      Module(path: attention.path, kind: .group, slots: [attention, attentionResult]),
      Module(query), Module(key), Module(value), Module(attentionOutput), attentionNorm.module,
      Module(feedForwardIn), Module(path: feedForwardResult.path, kind: .group, slots: [feedForwardResult]),
      Module(feedForwardOut), feedForwardNorm.module,
    ]
  }
}

/// A layer norm with its path.
struct NamedNorm: Sendable {
  let path: ModulePath
  let norm: LayerNorm
  var module: Module { Module(path: path, kind: .layerNorm, parameters: norm.parameters) }
}
