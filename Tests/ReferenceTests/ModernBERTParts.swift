import GraftCore
import GraftTransformer

/// A family that is not built in: it exercises fused and gated projections, rotary positions, windows, pre-norm blocks, and layers
/// without biases, in the arrangement of ModernBERT. (Warner et al., 2024.)
struct ModernBERTParts: EncoderFamily {
  static let modelType = "modernbert"
  static let classPrefix = "ModernBert"
  static let prefix = "model."
  static let roots = ["embeddings", "layers", "final_norm"]
  static let tokenizerClass = "BertTokenizer"
  static let toolkits = ToolkitSupport()

  let configuration: EncoderConfiguration
  let head = HeadLayout(
    dense: "head.dense", activation: .gelu, classifier: "classifier", denseHasBias: false, norm: "head.norm")
  private let window: Int
  private let globalEvery: Int
  private let globalBase: Double
  private let localBase: Double

  init(reading config: inout ModelConfigFile) throws {
    configuration = EncoderConfiguration(
      hiddenWidth: try config.size("hidden_size"), layerCount: try config.size("num_hidden_layers"),
      headCount: try config.size("num_attention_heads"), feedForwardWidth: try config.size("intermediate_size"),
      vocabularySize: try config.size("vocab_size"), positionCount: try config.size("max_position_embeddings"),
      epsilon: try config.fraction("norm_eps", fallback: 1e-5), activation: try config.activation("hidden_activation"),
      dropouts: BaseDropouts(all: 0), headDeviation: try config.fraction("initializer_range", fallback: 0.02))
    window = try config.size("local_attention") / 2
    globalEvery = try config.size("global_attn_every_n_layers")
    globalBase = Double(try config.size("global_rope_theta"))
    localBase = Double(try config.size("local_rope_theta"))
  }

  func encoder(_ weights: inout WeightLoader) throws -> TransformerEncoder {
    let d = configuration.hiddenWidth
    let headWidth = d / configuration.headCount
    let globalAngles = RotaryAngles(positions: configuration.positionCount, headWidth: headWidth, base: globalBase)
    let localAngles = RotaryAngles(positions: configuration.positionCount, headWidth: headWidth, base: localBase)
    var names = Embeddings.Names()
    names.words = "embeddings.tok_embeddings"
    names.positions = nil
    names.norm = "embeddings.norm"
    return TransformerEncoder(
      embeddings: try Embeddings(configuration, names: names, normHasBias: false, weights: &weights),
      blocks: try (0..<configuration.layerCount).map { layer in
        let isGlobal = layer % globalEvery == 0
        return try block(
          layer, window: isGlobal ? nil : window, rotary: isGlobal ? globalAngles : localAngles, &weights)
      }, norm: try norm("final_norm", &weights))
  }

  private func norm(_ path: String, _ weights: inout WeightLoader) throws -> NamedNorm {
    try weights.norm(path, width: configuration.hiddenWidth, epsilon: configuration.epsilon, hasBias: false)
  }

  private func block(
    _ layer: Int, window: Int?, rotary: RotaryAngles, _ weights: inout WeightLoader
  ) throws -> PreNormBlock {
    let path = "layers.\(layer)"
    let (d, f) = (configuration.hiddenWidth, configuration.feedForwardWidth)
    let fused = try weights.projection(
      "\(path).attn.Wqkv", role: .queryKeyValue, layer: layer, output: 3 * d, input: d, hasBias: false)
    let attention = SelfAttention(
      slot: AttentionSlot(
        path: ModulePath("\(path).attn"), role: .attention, layer: layer, width: d, heads: configuration.headCount),
      projections: .fused(
        fused, query: ProjectionSlot("query", role: .query, outputs: 0..<d, of: fused),
        key: ProjectionSlot("key", role: .key, outputs: d..<2 * d, of: fused),
        value: ProjectionSlot("value", role: .value, outputs: 2 * d..<3 * d, of: fused)),
      output: try weights.projection(
        "\(path).attn.Wo", role: .attentionOutput, layer: layer, output: d, input: d, hasBias: false),
      window: window, rotary: rotary)
    let input = try weights.projection(
      "\(path).mlp.Wi", role: .feedForwardIn, layer: layer, output: 2 * f, input: d, hasBias: false)
    let feedForward = FeedForward(
      input: input, gate: FeedForward.Gate(of: input),
      output: try weights.projection(
        "\(path).mlp.Wo", role: .feedForwardOut, layer: layer, output: d, input: f, hasBias: false),
      activation: configuration.activation)
    return PreNormBlock(
      path: ModulePath(path), attentionNorm: layer == 0 ? nil : try norm("\(path).attn_norm", &weights),
      attention: attention, feedForwardNorm: try norm("\(path).mlp_norm", &weights), feedForward: feedForward,
      feedForwardPath: ModulePath("\(path).mlp"), layer: layer)
  }
}
