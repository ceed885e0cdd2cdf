import GraftCore

/// RoBERTa. (Liu et al., 2019.)
struct RoBERTa: EncoderFamily {
  static let modelType = "roberta"
  static let classPrefix = "Roberta"
  static let prefix = "roberta."
  static let roots = ["embeddings", "encoder", "pooler"]
  static let tokenizerClass = "RobertaTokenizer"
  static let toolkits = ToolkitSupport(peftTargets: [.query, .value], adapterHub: .init())

  let configuration: EncoderConfiguration
  let head = HeadLayout.roBERTa

  init(reading config: inout ModelConfigFile) throws {
    let paddingID = try config.size("pad_token_id", atLeast: 0, atMost: 1 << 16, fallback: 1)
    configuration = try EncoderConfiguration(bertKeysOf: &config, paddingID: Int32(paddingID))
  }

  func encoder(_ weights: inout WeightLoader) throws -> TransformerEncoder {
    TransformerEncoder(
      embeddings: try Embeddings(configuration, weights: &weights),
      blocks: try PostNormBlock.stack(
        path: "encoder.layer", names: BERT.blockNames, configuration: configuration, weights: &weights))
  }
}
