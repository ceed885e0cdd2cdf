public import GraftCore
public import GraftTransformer

extension PretrainedBase {
  /// Attaches a new, untrained adapter with a head for `classes` classes.
  ///
  /// - Parameters:
  ///   - method: The method.
  ///   - id: The adapter's ID on this base.
  ///   - seed: The seed of the random initialization.
  ///   - classes: C, the number of outputs of the adapter's head.
  ///   - extras: What the adapter contains besides the method's parameters and a head with the base's structure.
  /// - Returns: The adapter.
  /// - Throws: The errors of `SequenceClassifier.inject`, or ``BaseError/noTokens(text:folder:)``. The model is then unchanged.
  public func inject(
    _ method: any ParameterEfficientMethod, as id: AdapterID, seed: UInt64, classes: Int,
    carrying extras: AdapterExtras = AdapterExtras()
  ) throws -> Adapter {
    let adapter = try model.detached(method, as: id, seed: seed, classes: classes, carrying: extras)
    if let textMethod = method as? any TextStartedMethod, let text = textMethod.initialText {
      textMethod.start(adapter, from: try activations(of: text))
    }
    try model.adaptable.attach(adapter)
    return adapter
  }

  /// Returns the base's attention activations for a text's tokens, without the special tokens.
  private func activations(of text: String) throws -> [AttentionActivations] {
    let maxLength = model.configuration.longestSequence
    // Compare two encodings to find how many special tokens come before a text; the rest come after it.
    let special = tokenizer.encode("", pair: nil, maxLength: maxLength).ids
    let leading = zip(special, tokenizer.encode("a", pair: nil, maxLength: maxLength).ids).prefix { $0 == $1 }.count
    let encoding = tokenizer.encode(text, pair: nil, maxLength: maxLength)
    let tokens = leading..<max(leading, encoding.ids.count - (special.count - leading))
    guard !tokens.isEmpty else { throw BaseError.noTokens(text: text, folder: folder) }
    var batch = PackedBatch()
    batch.append(ids: encoding.ids, typeIDs: encoding.typeIDs)
    return model.attentionActivations(of: batch, tokens: tokens)
  }
}
