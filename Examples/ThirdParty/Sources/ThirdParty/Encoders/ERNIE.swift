import Graft

/// ERNIE 2.0: BERT's encoder, trained on several tasks. (Sun et al., "ERNIE 2.0", 2020.)
public struct ERNIE: EncoderFamily {
  /// `model_type` in `config.json`.
  public static let modelType = "ernie"
  /// The prefix of the classes in transformers.
  public static let classPrefix = "Ernie"
  /// The prefix of the keys of checkpoints with a head.
  public static let prefix = "ernie."
  /// The first components of the paths.
  public static let roots = ["embeddings", "encoder", "pooler"]
  /// ERNIE 2.0 has a tokenizer of the class of BERT.
  public static let tokenizerClass = "BertTokenizer"
  /// No other toolkit supports the family.
  public static let toolkits = ToolkitSupport()

  /// The sizes and dropouts.
  public let configuration: EncoderConfiguration
  /// BERT's pooler and classifier.
  public let head = HeadLayout(
    dense: "pooler.dense", denseIsPretrained: true, activation: .tanh, classifier: "classifier")

  private static let blockNames = PostNormBlock.Names(
    attention: "attention", query: "attention.self.query", key: "attention.self.key", value: "attention.self.value",
    attentionOutput: "attention.output.dense", attentionNorm: "attention.output.LayerNorm", feedForward: "output",
    feedForwardIn: "intermediate.dense", feedForwardOut: "output.dense", feedForwardNorm: "output.LayerNorm")

  /// Reads the keys of BERT, and those for tasks.
  public init(reading config: inout ModelConfigFile) throws {
    configuration = try EncoderConfiguration(bertKeysOf: &config, paddingID: nil)
    // The embeddings of the task types are not among the parts.
    guard try !config.flag("use_task_id") else {
      throw config.error("'use_task_id' is true; embeddings of task types are not supported")
    }
    _ = try config.size("task_type_vocab_size", fallback: 3)
  }

  /// Assembles the encoder from the parts of BERT.
  public func encoder(_ weights: inout WeightLoader) throws -> TransformerEncoder {
    TransformerEncoder(
      embeddings: try Embeddings(configuration, weights: &weights),
      blocks: try PostNormBlock.stack(
        path: "encoder.layer", names: Self.blockNames, configuration: configuration, weights: &weights))
  }
}
