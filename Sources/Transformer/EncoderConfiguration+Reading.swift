import GraftCore
import GraftSupport

extension EncoderConfiguration {
  /// Reads `config.json` from a model folder.
  ///
  /// - Throws: ``TransformerError`` or `FileError` that names the file and the problem.
  public init(folder: String) throws {
    var config = try ModelConfigFile(path: "\(folder)/\(BaseFiles.configuration)")
    let named = try Self.family(&config)
    try config.refuseOtherKinds()
    family = try named ?? Self.inferredFamily(config)
    if family == .distilBERT {
      // The key names of other models are aliases for these and take precedence, as in transformers.
      hiddenWidth = try config.size("dim", orElse: "hidden_size")
      layerCount = try config.size("n_layers", orElse: "num_hidden_layers", atMost: 1000)
      headCount = try config.size("n_heads", orElse: "num_attention_heads")
      feedForwardWidth = try config.size("hidden_dim")
      typeCount = 0
      epsilon = 1e-12
      activation = try Self.activation("activation", &config)
      dropouts = BaseDropouts(
        hidden: try config.fraction("dropout", fallback: 0.1), attentionOutput: 0,
        attention: try config.fraction("attention_dropout", fallback: 0.1),
        head: try config.fraction("seq_classif_dropout", fallback: 0.2))
    } else {
      hiddenWidth = try config.size("hidden_size")
      layerCount = try config.size("num_hidden_layers", atMost: 1000)
      headCount = try config.size("num_attention_heads")
      feedForwardWidth = try config.size("intermediate_size")
      typeCount = try config.size("type_vocab_size", fallback: 2)
      epsilon = try config.fraction("layer_norm_eps", fallback: 1e-12)
      activation = try Self.activation("hidden_act", &config)
      let hidden = try config.fraction("hidden_dropout_prob", fallback: 0.1)
      dropouts = BaseDropouts(
        hidden: hidden, attentionOutput: hidden,
        attention: try config.fraction("attention_probs_dropout_prob", fallback: 0.1),
        head: try config.fraction("classifier_dropout", fallback: Double(hidden)))
      guard try config.size("embedding_size", fallback: hiddenWidth) == hiddenWidth else {
        throw config.error(
          "'embedding_size' differs from 'hidden_size'; embeddings with a different width are not supported")
      }
    }
    vocabularySize = try config.size("vocab_size")
    paddingID =
      family.positionsFollowPadding
      ? Int32(try config.size("pad_token_id", atLeast: 0, atMost: 1 << 16, fallback: 1)) : nil
    positionCount = try config.size("max_position_embeddings", atLeast: (paddingID.map { Int($0) + 1 } ?? 0) + 3)
    headDeviation = try config.fraction("initializer_range", fallback: 0.02)
    guard hiddenWidth % headCount == 0 else {
      throw config.error("the hidden width \(hiddenWidth) is not divisible by the \(headCount) attention heads")
    }
    unknownKeys = config.unknownKeys
    notes =
      named == nil ? ["\(config.path) has no model_type; inferred \(family.name) from its other keys"] : []
  }

  private static func activation(_ key: String, _ config: inout ModelConfigFile) throws -> Activation {
    let known: [String: Activation] = [
      "gelu": .gelu, "gelu_python": .gelu, "gelu_new": .geluNew, "gelu_fast": .geluNew, "gelu_pytorch_tanh": .geluNew,
      "relu": .relu, "silu": .swish, "swish": .swish, "tanh": .tanh,
    ]
    let name = try config.text(key) ?? "gelu"
    guard let activation = known[name] else {
      throw config.error(
        "'\(key)' is \(quoted(name)), but the supported activations are \(known.keys.sorted().joined(separator: ", "))")
    }
    return activation
  }

  /// Returns the family with the name in `model_type`; `nil` if there is no such key.
  private static func family(_ config: inout ModelConfigFile) throws -> EncoderFamily? {
    guard let name = try config.text("model_type") else { return nil }
    guard let family = EncoderFamily.all.first(where: { $0.name == name }) else {
      throw TransformerError.unsupportedArchitecture(
        file: config.path, found: name, supported: EncoderFamily.all.map(\.name))
    }
    return family
  }

  /// Returns the family inferred from other keys.
  private static func inferredFamily(_ config: ModelConfigFile) throws -> EncoderFamily {
    guard let family = EncoderFamily.all.first(where: { $0.name == config.guessedModelType }) else {
      throw TransformerError.noModelType(
        file: config.path, architecture: config.architectures.first, supported: EncoderFamily.all.map(\.name))
    }
    return family
  }
}
