public import GraftInference

extension LoadedAdapter {
  /// Answers texts as they are read, so that memory use does not grow with the number of texts.
  ///
  /// - Parameters:
  ///   - input: The texts.
  ///   - body: Called with the predictions for the texts that are available so far, in input order; returns whether to continue.
  /// - Throws: ``PredictionError/pairs(expected:)`` if pairs are given to an adapter for single texts, or the reverse; errors in
  ///   reading the input, after `body` has received the predictions for all earlier texts; errors of `body`.
  public func predict(_ input: inout TextInput, _ body: ([Prediction]) throws -> Bool) throws {
    var count = 0
    while let texts = try input.next() {
      let predictions = try predict(texts, from: count)
      count += texts.count
      guard try body(predictions) else { return }
    }
  }
}
