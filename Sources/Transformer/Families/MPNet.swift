import GraftCore

/// MPNet: one bias by relative position for all attention layers, and no token types. (Song et al., 2020.)
struct MPNet: EncoderFamily {
  static let modelType = "mpnet"
  static let classPrefix = "MPNet"
  static let prefix = "mpnet."
  static let roots = ["embeddings", "encoder", "pooler"]
  static let tokenizerClass = "MPNetTokenizer"
  static let toolkits = ToolkitSupport()

  let configuration: EncoderConfiguration
  let head = HeadLayout.roBERTa
  private let buckets: RelativeBuckets

  private static let blockNames = PostNormBlock.Names(
    attention: "attention", query: "attention.attn.q", key: "attention.attn.k", value: "attention.attn.v",
    attentionOutput: "attention.attn.o", attentionNorm: "attention.LayerNorm", feedForward: "output",
    feedForwardIn: "intermediate.dense", feedForwardOut: "output.dense", feedForwardNorm: "output.LayerNorm")

  init(reading config: inout ModelConfigFile) throws {
    // Positions start after 1, whatever the key pad_token_id says.
    let hidden = try config.fraction("hidden_dropout_prob", fallback: 0.1)
    configuration = EncoderConfiguration(
      hiddenWidth: try config.size("hidden_size"), layerCount: try config.size("num_hidden_layers", atMost: 1000),
      headCount: try config.size("num_attention_heads"), feedForwardWidth: try config.size("intermediate_size"),
      vocabularySize: try config.size("vocab_size"),
      positionCount: try config.size("max_position_embeddings", atLeast: 5), paddingID: 1,
      epsilon: try config.fraction("layer_norm_eps", fallback: 1e-12), activation: try config.activation("hidden_act"),
      dropouts: BaseDropouts(
        hidden: hidden, attentionOutput: hidden,
        attention: try config.fraction("attention_probs_dropout_prob", fallback: 0.1), head: hidden),
      headDeviation: try config.fraction("initializer_range", fallback: 0.02))
    let count = try config.size("relative_attention_num_buckets", atLeast: 4, atMost: 1 << 16, fallback: 32)
    guard count.isMultiple(of: 2) else {
      throw config.error("'relative_attention_num_buckets' is \(count), expected an even number")
    }
    buckets = RelativeBuckets(count: count, maximumDistance: 128)
  }

  func encoder(_ weights: inout WeightLoader) throws -> TransformerEncoder {
    TransformerEncoder(
      embeddings: try Embeddings(configuration, weights: &weights),
      blocks: try PostNormBlock.stack(
        path: "encoder.layer", names: Self.blockNames, configuration: configuration, weights: &weights),
      relativePositions: try RelativePositions(
        path: "encoder.relative_attention_bias", buckets: buckets, heads: configuration.headCount, weights: &weights))
  }
}
