import GraftCore

/// BERT. (Devlin et al., 2019.)
struct BERT: EncoderFamily {
  static let modelType = "bert"
  static let classPrefix = "Bert"
  static let prefix = "bert."
  static let roots = ["embeddings", "encoder", "pooler"]
  static let tokenizerClass = "BertTokenizer"
  static let toolkits = ToolkitSupport(
    peftTargets: [.query, .value], peftPrefixes: true, adapterHub: .init())

  let configuration: EncoderConfiguration
  let head = HeadLayout(
    dense: "pooler.dense", denseIsPretrained: true, activation: .tanh, classifier: "classifier")

  /// The paths within a block, which RoBERTa has as well.
  static let blockNames = PostNormBlock.Names(
    attention: "attention", query: "attention.self.query", key: "attention.self.key", value: "attention.self.value",
    attentionOutput: "attention.output.dense", attentionNorm: "attention.output.LayerNorm", feedForward: "output",
    feedForwardIn: "intermediate.dense", feedForwardOut: "output.dense", feedForwardNorm: "output.LayerNorm")

  /// BERT and RoBERTa share their keys but differ in the first position, so a configuration counts as BERT only when it cannot
  /// be RoBERTa.
  static func recognizes(_ config: ModelConfigFile) -> Bool {
    ["hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size"].allSatisfy(config.has)
      && config.number("type_vocab_size") ?? 0 >= 2 && config.number("pad_token_id") ?? 0 == 0
  }

  init(reading config: inout ModelConfigFile) throws {
    configuration = try EncoderConfiguration(bertKeysOf: &config, paddingID: nil)
  }

  func encoder(_ weights: inout WeightLoader) throws -> TransformerEncoder {
    TransformerEncoder(
      embeddings: try Embeddings(configuration, weights: &weights),
      blocks: try PostNormBlock.stack(
        path: "encoder.layer", names: Self.blockNames, configuration: configuration, weights: &weights))
  }
}

extension EncoderConfiguration {
  /// Reads the keys of BERT, which RoBERTa has as well.
  ///
  /// - Parameters:
  ///   - config: The file.
  ///   - paddingID: The padding token's id, if positions start after it.
  /// - Throws: ``TransformerError`` that names the key.
  public init(bertKeysOf config: inout ModelConfigFile, paddingID: Int32?) throws {
    let hiddenWidth = try config.size("hidden_size")
    let hidden = try config.fraction("hidden_dropout_prob", fallback: 0.1)
    self.init(
      hiddenWidth: hiddenWidth, layerCount: try config.size("num_hidden_layers", atMost: 1000),
      headCount: try config.size("num_attention_heads"), feedForwardWidth: try config.size("intermediate_size"),
      vocabularySize: try config.size("vocab_size"),
      positionCount: try config.size(
        "max_position_embeddings", atLeast: (paddingID.map { Int($0) + 1 } ?? 0) + 3),
      paddingID: paddingID, typeCount: try config.size("type_vocab_size", fallback: 2),
      epsilon: try config.fraction("layer_norm_eps", fallback: 1e-12),
      activation: try config.activation("hidden_act"),
      dropouts: BaseDropouts(
        hidden: hidden, attentionOutput: hidden,
        attention: try config.fraction("attention_probs_dropout_prob", fallback: 0.1),
        head: try config.fraction("classifier_dropout", fallback: Double(hidden))),
      headDeviation: try config.fraction("initializer_range", fallback: 0.02))
    try config.refuseKind("position_embedding_type", otherThan: "absolute")
    guard try config.size("embedding_size", fallback: hiddenWidth) == hiddenWidth else {
      throw config.error(
        "'embedding_size' differs from 'hidden_size'; embeddings with a different width are not supported")
    }
  }
}
