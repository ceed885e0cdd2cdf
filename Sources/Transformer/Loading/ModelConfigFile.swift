public import GraftCore
import GraftSupport

/// A model's `config.json`. It tracks which keys are read, known to have no effect on an encoder, rejected, or unknown.
public struct ModelConfigFile {
  /// The path of the file, for messages.
  let path: String
  private let tree: JSONTree
  private var seen: Set<String> = []

  /// - Throws: ``TransformerError/configuration(file:reason:)`` if it is not a JSON object, or `FileError`.
  init(path: String) throws {
    self.path = path
    do { tree = try JSONTree(file: path) } catch let error as JSONError {
      throw TransformerError.configuration(file: path, reason: "it is not a JSON object: \(error.explanation)")
    }
    guard tree.members != nil else { throw error("expected a JSON object with a model's configuration") }
  }

  /// The keys of `PretrainedConfig` and its heads that have no effect on an encoder in evaluation or training.
  private static let harmless: Set<String> = [
    "_attn_implementation", "_commit_hash", "_name_or_path", "architectures", "attn_implementation", "auto_map",
    "bad_words_ids", "begin_suppress_tokens", "bos_token_id", "chunk_size_feed_forward", "cross_attention_hidden_size",
    "decoder_start_token_id", "directionality", "diversity_penalty", "do_sample", "dtype", "early_stopping",
    "encoder_no_repeat_ngram_size", "eos_token_id", "exponential_decay_length_penalty", "finetuning_task",
    "forced_bos_token_id", "forced_eos_token_id", "gradient_checkpointing", "id2label", "label2id", "length_penalty",
    "max_length", "min_length", "model_type", "name_or_path", "no_repeat_ngram_size", "num_beam_groups", "num_beams",
    "num_labels", "num_return_sequences", "output_attentions", "output_hidden_states", "output_past", "output_scores",
    "pad_token_id", "pooler_fc_size", "pooler_num_attention_heads", "pooler_num_fc_layers", "pooler_size_per_head",
    "pooler_type", "prefix", "problem_type", "qa_dropout", "remove_invalid_values", "repetition_penalty", "return_dict",
    "return_dict_in_generate", "sep_token_id", "sinusoidal_pos_embds", "suppress_tokens", "task_specific_params",
    "temperature", "tf_legacy_loss", "tie_encoder_decoder", "tie_weights_", "tie_word_embeddings", "tokenizer_class",
    "top_k", "top_p", "torch_dtype", "torchscript", "transformers_version", "typical_p", "use_bfloat16", "use_cache",
  ]

  /// The keys of other kinds of models, which would change the results, and the reasons given in the error message.
  private static let refused = [
    "is_decoder": "tokens would attend only to earlier tokens",
    "add_cross_attention": "there is no second model to attend to",
    "is_encoder_decoder": "only encoders are supported",
    "pruned_heads": "pruned heads are not supported",
    "quantization_config": "the weights are quantized; use the model's unquantized weights",
  ]

  /// The keys that are neither read nor known, sorted.
  var unknownKeys: [String] {
    (tree.members ?? []).map(\.name).filter { !seen.contains($0) && !Self.harmless.contains($0) }.sorted()
  }

  /// Rejects keys that describe a different kind of model.
  ///
  /// - Throws: ``TransformerError/configuration(file:reason:)`` that names the key.
  mutating func refuseOtherKinds() throws {
    for (key, reason) in Self.refused.sorted(by: { $0.key < $1.key }) {
      seen.insert(key)
      guard let value = tree[key], !value.isOff else { continue }
      // Layers without pruned heads may be listed.
      if let members = value.members, members.allSatisfy(\.value.isOff) { continue }
      throw error("'\(key)' is \(value.summary), which cannot be honored: \(reason)")
    }
    let code = tree["auto_map"]?.members?.first { $0.name.hasPrefix("AutoModel") }
    if let code {
      throw error(
        "'auto_map' has \(quoted(code.name)): the model is defined by custom code, which is never run; "
          + "if the standard class in transformers gives the same results, remove auto_map")
    }
  }

  /// Rejects a key with another value than the only supported one, which is also its default.
  ///
  /// - Throws: ``TransformerError/configuration(file:reason:)`` that names the key.
  public mutating func refuseKind(_ key: String, otherThan supported: String) throws {
    if let kind = try text(key), kind != supported {
      throw error("'\(key)' is \(quoted(kind)), but only '\(supported)' is supported")
    }
  }

  /// Returns an activation function by its name in transformers; the default is GELU.
  ///
  /// - Throws: ``TransformerError/configuration(file:reason:)`` if it is not supported.
  public mutating func activation(_ key: String) throws -> Activation {
    let known: [String: Activation] = [
      "gelu": .gelu, "gelu_python": .gelu, "gelu_new": .geluNew, "gelu_fast": .geluNew, "gelu_pytorch_tanh": .geluNew,
      "relu": .relu, "silu": .swish, "swish": .swish, "tanh": .tanh,
    ]
    let name = try text(key) ?? "gelu"
    guard let activation = known[name] else {
      throw error(
        "'\(key)' is \(quoted(name)), but the supported activations are \(known.keys.sorted().joined(separator: ", "))")
    }
    return activation
  }

  /// Returns the text of a key; `nil` if there is none.
  public mutating func text(_ key: String) throws -> String? {
    guard let value = try value(key) else { return nil }
    guard let text = value.text else { throw wrongType(key, expected: "a string") }
    return text
  }

  /// Returns a whole number in a range.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - minimum: The smallest allowed value.
  ///   - maximum: The largest allowed value.
  ///   - fallback: The value of a missing key; `nil` if the key is required.
  public mutating func size(
    _ key: String, atLeast minimum: Int = 1, atMost maximum: Int = 1 << 24, fallback: Int? = nil
  ) throws -> Int {
    guard let value = try value(key) else {
      guard let fallback else { throw error("'\(key)' is missing") }
      return fallback
    }
    guard case .number(let digits) = value else { throw wrongType(key, expected: "a whole number") }
    guard let size = value.int, (minimum...maximum).contains(size) else {
      throw error("'\(key)' is \(digits), expected \(minimum) to \(maximum)")
    }
    return size
  }

  /// Returns the whole number of an alias if it is present, and otherwise of the key itself.
  public mutating func size(_ key: String, orElse alias: String, atMost maximum: Int = 1 << 24) throws -> Int {
    seen.insert(key)
    return try size(has(alias) ? alias : key, atMost: maximum)
  }

  /// Returns the whole number of a key without marking the key as read; `nil` if there is none.
  public func number(_ key: String) -> Int? { tree[key]?.int }

  /// Returns a number from 0 to below 1 as a float.
  public mutating func fraction(_ key: String, fallback: Double) throws -> Float {
    guard let value = try value(key) else { return Float(fallback) }
    guard case .number(let digits) = value else { throw wrongType(key, expected: "a number") }
    // A number just below 1 could be rounded to 1 as a float.
    guard let number = value.double, number >= 0, Float(number) < 1 else {
      throw error("'\(key)' is \(digits), expected 0 to below 1")
    }
    return Float(number)
  }

  /// Returns a Boolean; a missing key counts as `false`.
  public mutating func flag(_ key: String) throws -> Bool {
    guard let value = try value(key) else { return false }
    guard case .boolean(let flag) = value else { throw wrongType(key, expected: "true or false") }
    return flag
  }

  /// Returns whether a key has a value other than null.
  public func has(_ key: String) -> Bool { tree[key].map { !$0.isNull } ?? false }

  /// The names of the Python classes that the model was saved with.
  var architectures: [String] { tree["architectures"]?.elements?.compactMap(\.text) ?? [] }

  /// Returns an error about the file.
  public func error(_ reason: String) -> TransformerError { .configuration(file: path, reason: reason) }

  private func wrongType(_ key: String, expected: String) -> TransformerError {
    error("'\(key)' has the wrong type, expected \(expected)")
  }

  /// The keys whose value may be null, which means the default. For any other key that is read, null is not the default:
  /// transformers fails, or computes something else.
  private static let nullable: Set<String> = ["classifier_dropout", "model_type"]

  private mutating func value(_ key: String) throws -> JSONTree? {
    seen.insert(key)
    guard let value = tree[key] else { return nil }
    guard !value.isNull else {
      if Self.nullable.contains(key) { return nil }
      throw error("'\(key)' is null, which is not its default; remove it or give it a value")
    }
    return value
  }
}
