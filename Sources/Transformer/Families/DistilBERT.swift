import GraftCore

/// DistilBERT. (Sanh et al., 2019.)
struct DistilBERT: EncoderFamily {
  static let modelType = "distilbert"
  static let classPrefix = "DistilBert"
  static let prefix = "distilbert."
  static let roots = ["embeddings", "transformer"]
  static let tokenizerClass = "DistilBertTokenizer"
  static let toolkits = ToolkitSupport(
    adapterHub: .init(bottlenecks: .inBlock, headsHaveDropout: false))

  let configuration: EncoderConfiguration
  let head = HeadLayout(dense: "pre_classifier", activation: .relu, classifier: "classifier")

  private static let blockNames = PostNormBlock.Names(
    attention: "attention", query: "attention.q_lin", key: "attention.k_lin", value: "attention.v_lin",
    attentionOutput: "attention.out_lin", attentionNorm: "sa_layer_norm", feedForward: "ffn", feedForwardIn: "ffn.lin1",
    feedForwardOut: "ffn.lin2", feedForwardNorm: "output_layer_norm")

  static func recognizes(_ config: ModelConfigFile) -> Bool {
    ["dim", "n_layers", "n_heads", "hidden_dim"].allSatisfy(config.has)
  }

  init(reading config: inout ModelConfigFile) throws {
    // The key names of other models are aliases for these and take precedence, as in transformers.
    configuration = EncoderConfiguration(
      hiddenWidth: try config.size("dim", orElse: "hidden_size"),
      layerCount: try config.size("n_layers", orElse: "num_hidden_layers", atMost: 1000),
      headCount: try config.size("n_heads", orElse: "num_attention_heads"),
      feedForwardWidth: try config.size("hidden_dim"), vocabularySize: try config.size("vocab_size"),
      positionCount: try config.size("max_position_embeddings", atLeast: 3), epsilon: 1e-12,
      activation: try config.activation("activation"),
      dropouts: BaseDropouts(
        hidden: try config.fraction("dropout", fallback: 0.1), attentionOutput: 0,
        attention: try config.fraction("attention_dropout", fallback: 0.1),
        head: try config.fraction("seq_classif_dropout", fallback: 0.2)),
      headDeviation: try config.fraction("initializer_range", fallback: 0.02))
    try config.refuseKind("position_embedding_type", otherThan: "absolute")
  }

  func encoder(_ weights: inout WeightLoader) throws -> TransformerEncoder {
    TransformerEncoder(
      embeddings: try Embeddings(configuration, weights: &weights),
      blocks: try PostNormBlock.stack(
        path: "transformer.layer", names: Self.blockNames, configuration: configuration, weights: &weights))
  }
}
