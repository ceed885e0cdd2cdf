/// Returns the model type that a `config.json` without a `model_type` describes. It is determined by the class name or, without
/// one, by keys that only one type has.
///
/// BERT and RoBERTa share their keys but differ in the first position, so a configuration counts as BERT only when it cannot be
/// RoBERTa.
///
/// - Returns: `bert`, `distilbert`, or `roberta`; `nil` when the type is ambiguous.
package func guessedModelType(_ config: JSONTree) -> String? {
  let classes = [("DistilBert", "distilbert"), ("Roberta", "roberta"), ("Bert", "bert")]
  let architectures = config["architectures"]?.elements?.compactMap(\.text) ?? []
  for name in architectures {
    for (prefix, type) in classes where ["For", "Model", "LMHead"].contains(where: { name.hasPrefix(prefix + $0) }) {
      return type
    }
  }
  func has(_ keys: String...) -> Bool { keys.allSatisfy { config[$0].map { !$0.isNull } ?? false } }
  let others = ["embedding_size", "relative_attention", "rotary_value", "num_hidden_groups", "is_decoder"]
  guard architectures.isEmpty, !others.contains(where: { has($0) }) else { return nil }
  if has("dim", "n_layers", "n_heads", "hidden_dim") { return "distilbert" }
  let isBert =
    has("hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size")
    && config["type_vocab_size"]?.int ?? 0 >= 2 && config["pad_token_id"]?.int ?? 0 == 0
  return isBert ? "bert" : nil
}
