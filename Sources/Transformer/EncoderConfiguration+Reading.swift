import Foundation
import GraftCore
import GraftSupport

extension EncoderConfiguration {
  /// Reads `config.json` in a model's folder.
  ///
  /// - Throws: ``TransformerError`` or `FileError` that names the file and what is wrong in it.
  public init(folder: String) throws {
    let path = "\(folder)/config.json"
    let file = try MappedFile(path: path)
    let config: ConfigFile
    do {
      config = try JSONDecoder().decode(ConfigFile.self, from: Data(file.bytes))
    } catch {
      throw TransformerError.configuration(file: path, reason: Self.reason(error))
    }
    try self.init(config, file: path)
  }

  private init(_ config: ConfigFile, file: String) throws {
    let families = EncoderFamily.all
    guard let family = families.first(where: { $0.name == config.model_type }) else {
      throw TransformerError.unsupportedArchitecture(
        file: file, found: config.model_type ?? "(no model_type)", supported: families.map(\.name))
    }
    func size(_ value: Int?, _ key: String, atLeast least: Int = 1, atMost limit: Int = 1 << 24) throws -> Int {
      guard let value else { throw TransformerError.configuration(file: file, reason: "'\(key)' is missing") }
      guard (least...limit).contains(value) else {
        throw TransformerError.configuration(
          file: file, reason: "'\(key)' is \(value), expected \(least) to \(limit)")
      }
      return value
    }
    func probability(_ value: Double?, _ key: String) throws -> Float {
      let value = value ?? 0.1
      guard value >= 0, value < 1 else {
        throw TransformerError.configuration(file: file, reason: "'\(key)' is \(value), expected 0 to below 1")
      }
      return Float(value)
    }
    if let kind = config.position_embedding_type, kind != "absolute" {
      throw TransformerError.configuration(
        file: file, reason: "'position_embedding_type' is '\(kind)', but only 'absolute' is supported")
    }
    self.family = family
    if family == .distilBERT {
      hiddenWidth = try size(config.dim, "dim")
      layerCount = try size(config.n_layers, "n_layers", atMost: 1000)
      headCount = try size(config.n_heads, "n_heads")
      feedForwardWidth = try size(config.hidden_dim, "hidden_dim")
      typeCount = 0
      epsilon = 1e-12
      activation = try Self.activation(config.activation, "activation", file)
      dropouts = BaseDropouts(
        hidden: try probability(config.dropout, "dropout"), attentionOutput: 0,
        attention: try probability(config.attention_dropout, "attention_dropout"),
        head: try probability(config.seq_classif_dropout ?? 0.2, "seq_classif_dropout"))
    } else {
      hiddenWidth = try size(config.hidden_size, "hidden_size")
      layerCount = try size(config.num_hidden_layers, "num_hidden_layers", atMost: 1000)
      headCount = try size(config.num_attention_heads, "num_attention_heads")
      feedForwardWidth = try size(config.intermediate_size, "intermediate_size")
      typeCount = try size(config.type_vocab_size ?? 2, "type_vocab_size")
      let variance = config.layer_norm_eps ?? 1e-12
      guard variance >= 0, variance < 1 else {
        throw TransformerError.configuration(
          file: file, reason: "'layer_norm_eps' is \(variance), expected 0 to below 1")
      }
      epsilon = Float(variance)
      activation = try Self.activation(config.hidden_act, "hidden_act", file)
      let hidden = try probability(config.hidden_dropout_prob, "hidden_dropout_prob")
      dropouts = BaseDropouts(
        hidden: hidden, attentionOutput: hidden,
        attention: try probability(config.attention_probs_dropout_prob, "attention_probs_dropout_prob"),
        head: try config.classifier_dropout.map { try probability($0, "classifier_dropout") } ?? hidden)
    }
    vocabularySize = try size(config.vocab_size, "vocab_size")
    firstPosition =
      family.positionsFollowPadding
      ? try size(config.pad_token_id ?? 1, "pad_token_id", atLeast: 0, atMost: 1 << 16) + 1 : 0
    positionCount = try size(
      config.max_position_embeddings, "max_position_embeddings", atLeast: firstPosition + 3)
    longestSequence = positionCount - firstPosition
    guard hiddenWidth % headCount == 0 else {
      throw TransformerError.configuration(
        file: file, reason: "\(headCount) attention heads do not divide the hidden width \(hiddenWidth)")
    }
  }

  private static func activation(_ name: String?, _ key: String, _ file: String) throws -> Activation {
    let name = name ?? "gelu"
    guard let activation = Activation(rawValue: name), [.gelu, .relu].contains(activation) else {
      throw TransformerError.configuration(
        file: file, reason: "'\(key)' is '\(name)', but the supported activations are gelu and relu")
    }
    return activation
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      context.codingPath.isEmpty
        ? "it is not a JSON object with a model's configuration"
        : "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' has the wrong type"
    case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
      "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' is no number that fits"
    default: "it is not a JSON object with a model's configuration"
    }
  }
}

/// The keys of `config.json` that matter here, of all families, in the file's own spelling.
private struct ConfigFile: Decodable {
  let model_type: String?
  let vocab_size: Int?
  let max_position_embeddings: Int?
  let position_embedding_type: String?
  let pad_token_id: Int?
  // BERT
  let hidden_size: Int?
  let num_hidden_layers: Int?
  let num_attention_heads: Int?
  let intermediate_size: Int?
  let type_vocab_size: Int?
  let layer_norm_eps: Double?
  let hidden_act: String?
  let hidden_dropout_prob: Double?
  let attention_probs_dropout_prob: Double?
  let classifier_dropout: Double?
  // DistilBERT
  let dim: Int?
  let n_layers: Int?
  let n_heads: Int?
  let hidden_dim: Int?
  let activation: String?
  let dropout: Double?
  let attention_dropout: Double?
  let seq_classif_dropout: Double?
}
