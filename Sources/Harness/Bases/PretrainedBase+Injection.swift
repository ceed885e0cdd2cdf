public import GraftCore
public import GraftTransformer

extension PretrainedBase {
  /// Adds an adapter that has not learnt anything yet, with a head for `classes` classes.
  ///
  /// - Parameters:
  ///   - method: What to add.
  ///   - id: Its name on this base.
  ///   - seed: Where its random draws come from.
  ///   - classes: C, or 1 for a number.
  ///   - extras: What it carries besides its method's parameters and a head of the base's structure.
  /// - Throws: As `SequenceClassifier.inject` does, or ``BaseError/noTokens(text:folder:)``; the model is untouched then.
  public func inject(
    _ method: any ParameterEfficientMethod, as id: AdapterID, seed: UInt64, classes: Int,
    carrying extras: AdapterExtras = AdapterExtras()
  ) throws -> Adapter {
    let adapter = try model.detached(method, as: id, seed: seed, classes: classes, carrying: extras)
    if let started = method as? any TextStartedMethod, let text = started.initialText {
      started.start(adapter, from: try activations(of: text))
    }
    try model.adaptable.attach(adapter)
    return adapter
  }

  /// What the base's attentions make of a text's own tokens, between the special ones.
  private func activations(of text: String) throws -> [AttentionActivations] {
    let room = model.configuration.longestSequence
    // Where the special tokens stand around a text, whatever the text itself begins with.
    let special = tokenizer.encode("", pair: nil, maxLength: room).ids
    let leading = zip(special, tokenizer.encode("a", pair: nil, maxLength: room).ids).prefix { $0 == $1 }.count
    let encoding = tokenizer.encode(text, pair: nil, maxLength: room)
    let tokens = leading..<max(leading, encoding.ids.count - (special.count - leading))
    guard !tokens.isEmpty else { throw BaseError.noTokens(text: text, folder: folder) }
    var batch = PackedBatch()
    batch.append(ids: encoding.ids, typeIDs: encoding.typeIDs)
    return model.attentionActivations(of: batch, tokens: tokens)
  }
}
