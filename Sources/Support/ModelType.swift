/// The kind of model that a `config.json` describes, for files without a `model_type`: told by the name of the model's class, else by
/// keys that only one kind has.
///
/// BERT and RoBERTa share their keys and differ in where positions begin: only what cannot be RoBERTa is taken for BERT.
///
/// - Returns: `bert`, `distilbert`, `roberta`, or `nil` when it cannot be told.
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
