public import GraftCore

/// A family's names for the parts of the encoder, and the properties of its head.
///
/// Paths are those in the checkpoint without the family prefix, so that selectors from other toolkits keep working.
public struct EncoderFamily: Sendable, Equatable {
  /// `model_type` in `config.json`.
  public let name: String
  /// The prefix of every key in some checkpoints.
  public let prefix: String
  /// The path of the blocks: `encoder.layer`.
  let blocks: String
  /// The path of the attention layer within a block.
  let attention: String
  let query: String
  let key: String
  let value: String
  let attentionOutput: String
  let attentionNorm: String
  let feedForward: String
  let feedForwardIn: String
  let feedForwardOut: String
  let feedForwardNorm: String
  /// The path of the head's projection before the classifier.
  public let headDense: String
  /// The activation after that projection.
  public let headActivation: Activation
  /// Whether that projection belongs to the pretrained model (BERT's pooler); otherwise it belongs to the task head and trains
  /// with it.
  public let headDenseIsPretrained: Bool
  /// The path of the head's projection to the classes.
  var classifier = "classifier"
  /// Whether the head also has a dropout before its first projection.
  var headDropsInput = false
  /// Whether positions start after the padding token's id: the first token's position is that id plus one.
  var positionsFollowPadding = false

  /// The class in transformers for this encoder with a classification head.
  public var classifierArchitecture: String {
    switch name {
    case "distilbert": "DistilBertForSequenceClassification"
    case "roberta": "RobertaForSequenceClassification"
    default: "BertForSequenceClassification"
    }
  }

  /// The name of the parameter with a row for each class.
  public var classifierWeight: String { "\(classifier).weight" }

  /// Returns the key of a parameter, or of another tensor of the pretrained model, in a checkpoint with a classification head.
  public func classifierKey(of name: String) -> String {
    guard !name.hasPrefix(prefix) else { return name }
    let roots = ["embeddings.", "pooler.", "\(blocks.prefix { $0 != "." })."]
    return roots.contains { name.hasPrefix($0) } ? prefix + name : name
  }

  /// BERT. (Devlin et al., 2019.)
  public static let bert = EncoderFamily(
    name: "bert", prefix: "bert.", blocks: "encoder.layer",
    attention: "attention", query: "attention.self.query", key: "attention.self.key", value: "attention.self.value",
    attentionOutput: "attention.output.dense", attentionNorm: "attention.output.LayerNorm",
    feedForward: "output", feedForwardIn: "intermediate.dense", feedForwardOut: "output.dense",
    feedForwardNorm: "output.LayerNorm",
    headDense: "pooler.dense", headActivation: .tanh, headDenseIsPretrained: true)

  /// DistilBERT. (Sanh et al., 2019.)
  public static let distilBERT = EncoderFamily(
    name: "distilbert", prefix: "distilbert.", blocks: "transformer.layer",
    attention: "attention", query: "attention.q_lin", key: "attention.k_lin", value: "attention.v_lin",
    attentionOutput: "attention.out_lin", attentionNorm: "sa_layer_norm",
    feedForward: "ffn", feedForwardIn: "ffn.lin1", feedForwardOut: "ffn.lin2", feedForwardNorm: "output_layer_norm",
    headDense: "pre_classifier", headActivation: .relu, headDenseIsPretrained: false)

  /// RoBERTa. (Liu et al., 2019.)
  public static let roBERTa: EncoderFamily = {
    var family = EncoderFamily(
      name: "roberta", prefix: "roberta.", blocks: bert.blocks,
      attention: bert.attention, query: bert.query, key: bert.key, value: bert.value,
      attentionOutput: bert.attentionOutput, attentionNorm: bert.attentionNorm,
      feedForward: bert.feedForward, feedForwardIn: bert.feedForwardIn, feedForwardOut: bert.feedForwardOut,
      feedForwardNorm: bert.feedForwardNorm,
      headDense: "classifier.dense", headActivation: .tanh, headDenseIsPretrained: false)
    family.classifier = "classifier.out_proj"
    family.headDropsInput = true
    family.positionsFollowPadding = true
    return family
  }()

  /// All supported families.
  static let all = [bert, distilBERT, roBERTa]
}
