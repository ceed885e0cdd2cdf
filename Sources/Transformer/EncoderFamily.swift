public import GraftCore

/// One family's names for the parts that all encoders have: a key map, nothing more.
///
/// Paths are the checkpoint's own without the family prefix, so that selectors people already use keep working.
public struct EncoderFamily: Sendable, Equatable {
  /// `model_type` in `config.json`.
  public let name: String
  /// What some checkpoints put in front of every key.
  public let prefix: String
  /// Where the blocks are: `encoder.layer`.
  let blocks: String
  /// Within a block.
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
  /// The head's projection before the classifier.
  public let headDense: String
  /// The function after that projection.
  public let headActivation: Activation
  /// Whether that projection belongs to the pretrained model (BERT's pooler), or to the task and trains with it.
  public let headDenseIsPretrained: Bool
  /// The head's projection to the classes.
  var classifier = "classifier"
  /// Whether the head drops elements in front of its first projection too.
  var headDropsInput = false
  /// Whether positions count from behind the padding token's id: the first token's is that id and one.
  var positionsFollowPadding = false

  /// The class of transformers that has this encoder with a head.
  public var classifierArchitecture: String {
    switch name {
    case "distilbert": "DistilBertForSequenceClassification"
    case "roberta": "RobertaForSequenceClassification"
    default: "BertForSequenceClassification"
    }
  }

  /// The parameter with a row for each class.
  public var classifierWeight: String { "\(classifier).weight" }

  /// The key under which such a model's checkpoint has a parameter, or a tensor of the pretrained model alone.
  public func classifierKey(of name: String) -> String {
    guard !name.hasPrefix(prefix) else { return name }
    let roots = ["embeddings.", "pooler.", "\(blocks.prefix { $0 != "." })."]
    return roots.contains { name.hasPrefix($0) } ? prefix + name : name
  }

  /// Devlin et al., 2019.
  public static let bert = EncoderFamily(
    name: "bert", prefix: "bert.", blocks: "encoder.layer",
    attention: "attention", query: "attention.self.query", key: "attention.self.key", value: "attention.self.value",
    attentionOutput: "attention.output.dense", attentionNorm: "attention.output.LayerNorm",
    feedForward: "output", feedForwardIn: "intermediate.dense", feedForwardOut: "output.dense",
    feedForwardNorm: "output.LayerNorm",
    headDense: "pooler.dense", headActivation: .tanh, headDenseIsPretrained: true)

  /// Sanh et al., 2019.
  public static let distilBERT = EncoderFamily(
    name: "distilbert", prefix: "distilbert.", blocks: "transformer.layer",
    attention: "attention", query: "attention.q_lin", key: "attention.k_lin", value: "attention.v_lin",
    attentionOutput: "attention.out_lin", attentionNorm: "sa_layer_norm",
    feedForward: "ffn", feedForwardIn: "ffn.lin1", feedForwardOut: "ffn.lin2", feedForwardNorm: "output_layer_norm",
    headDense: "pre_classifier", headActivation: .relu, headDenseIsPretrained: false)

  /// Liu et al., 2019.
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

  /// Every family that can be read.
  static let all = [bert, distilBERT, roBERTa]
}
