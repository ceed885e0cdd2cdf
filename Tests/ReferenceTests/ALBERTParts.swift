import GraftCore
import GraftTransformer

/// A family that is not built in: it exercises embeddings that are narrower than the hidden states, and one block that all layers
/// share, in the arrangement of ALBERT. (Lan et al., 2020.)
struct ALBERTParts: EncoderFamily {
  static let modelType = "albert"
  static let classPrefix = "Albert"
  static let prefix = "albert."
  static let roots = ["embeddings", "encoder", "pooler"]
  static let tokenizerClass = "BertTokenizer"
  static let toolkits = ToolkitSupport()

  let configuration: EncoderConfiguration
  let head = HeadLayout(dense: "pooler", denseIsPretrained: true, activation: .tanh, classifier: "classifier")
  private let embeddingWidth: Int

  private static let blockNames = PostNormBlock.Names(
    attention: "attention", query: "attention.query", key: "attention.key", value: "attention.value",
    attentionOutput: "attention.dense", attentionNorm: "attention.LayerNorm", feedForward: "feed_forward",
    feedForwardIn: "ffn", feedForwardOut: "ffn_output", feedForwardNorm: "full_layer_layer_norm")

  init(reading config: inout ModelConfigFile) throws {
    configuration = EncoderConfiguration(
      hiddenWidth: try config.size("hidden_size"), layerCount: try config.size("num_hidden_layers"),
      headCount: try config.size("num_attention_heads"), feedForwardWidth: try config.size("intermediate_size"),
      vocabularySize: try config.size("vocab_size"), positionCount: try config.size("max_position_embeddings"),
      typeCount: try config.size("type_vocab_size", fallback: 2),
      epsilon: try config.fraction("layer_norm_eps", fallback: 1e-12), activation: try config.activation("hidden_act"),
      dropouts: BaseDropouts(all: 0), headDeviation: try config.fraction("initializer_range", fallback: 0.02))
    embeddingWidth = try config.size("embedding_size", fallback: 128)
  }

  func encoder(_ weights: inout WeightLoader) throws -> TransformerEncoder {
    var names = Embeddings.Names()
    names.projection = "encoder.embedding_hidden_mapping_in"
    let block = try PostNormBlock(
      path: "encoder.albert_layer_groups.0.albert_layers.0", index: 0, names: Self.blockNames,
      configuration: configuration, weights: &weights)
    return TransformerEncoder(
      embeddings: try Embeddings(configuration, names: names, width: embeddingWidth, weights: &weights),
      blocks: Array(repeating: block, count: configuration.layerCount))
  }
}
