import Foundation
import GraftSupport
import GraftTransformer

extension LoadedAdapter {
  /// The adapter's prediction for one text. The JSON keys are stable.
  public struct Prediction: Encodable, Sendable {
    /// The index of the text in the input, from 0.
    public let index: Int
    /// The text.
    public let text: String
    /// The second text of a pair.
    public let textPair: String?
    /// The name of the most probable class, or the predicted number for regression.
    public let label: String
    /// One logit per class, or the predicted number for regression.
    public let logits: [Float]
    /// One probability per class (the softmax of the logits); empty for regression.
    public let probabilities: [Double]

    /// The probability of the most probable class; `nil` for regression.
    public var probability: Double? { probabilities.max() }

    /// Returns the prediction as one JSON object on one line.
    public func json() throws -> String { try snakeCaseJSON(self, pretty: false) }
  }

  /// The class names, in the order of the logits.
  public var labels: [String] { file.metadata.labels }

  /// Predicts the classes of texts, or of pairs of texts.
  ///
  /// - Throws: ``PredictionError/pairs(expected:)`` if pairs are given to an adapter for single texts, or the reverse.
  public func predict(_ texts: [(text: String, pair: String?)]) throws -> [Prediction] { try predict(texts, from: 0) }

  /// Predicts the classes of texts that are numbered from `first`.
  package func predict(_ texts: [(text: String, pair: String?)], from first: Int) throws -> [Prediction] {
    try checkPairs(texts)
    let logits = try withWorkers { bindings, workers in
      try Predictor(model: base.model, bindings: bindings, workers: workers).logits(
        of: encoded(texts, isCancelled: { false }))
    }
    return logits.enumerated().map { index, logits in
      prediction(first + index, texts[index].text, texts[index].pair, logits)
    }
  }

  private func encoded(_ texts: [(text: String, pair: String?)], isCancelled: () -> Bool) throws -> EncodedTexts {
    var encoded = EncodedTexts(count: texts.count)
    for (index, text) in texts.enumerated() {
      if index % 512 == 0, isCancelled() { throw CancellationError() }
      encoded.set(index, to: text.text, pair: text.pair, tokenizer: base.tokenizer, maxLength: maxLength)
    }
    return encoded
  }

  /// Throws an error if texts are pairs and the adapter is for single texts, or the reverse.
  private func checkPairs(_ texts: [(text: String, pair: String?)]) throws {
    let readsPairs = file.metadata.columns.textPair != nil
    guard texts.allSatisfy({ ($0.pair != nil) == readsPairs }) else {
      throw PredictionError.pairs(expected: readsPairs)
    }
  }

  /// Predicts the classes of texts with different adapters on one base in the same batches. Each prediction is the same as with
  /// that adapter alone.
  ///
  /// - Parameter texts: The texts, each with its adapter; all adapters must be attached to the same base.
  /// - Throws: ``PredictionError/pairs(expected:)`` if a pair is given to an adapter for single texts, or the reverse.
  public static func predict(_ texts: [(adapter: LoadedAdapter, text: String, pair: String?)]) throws -> [Prediction] {
    try predict(texts, isCancelled: { false })
  }

  private static func predict(
    _ texts: [(adapter: LoadedAdapter, text: String, pair: String?)], isCancelled: () -> Bool
  ) throws -> [Prediction] {
    guard let first = texts.first?.adapter else { return [] }
    precondition(texts.allSatisfy { $0.adapter.base.model === first.base.model }, "adapters of one base in memory")
    let adapterSet = first.base.model.adaptable.adapterSet
    for adapter in texts.map(\.adapter) { try adapterSet.require(adapter.adapter) }
    let items = try texts.map { adapter, text, pair in
      guard !isCancelled() else { throw CancellationError() }
      try adapter.checkPairs([(text, pair)])
      let encoding = adapter.base.tokenizer.encode(text, pair: pair, maxLength: adapter.maxLength)
      return SequenceClassifier.BatchItem(ids: encoding.ids, typeIDs: encoding.typeIDs, adapters: [adapter.id])
    }
    let logits = try first.base.workers.lend { workers in
      // Each batch is shared by the workers: its items may be for different adapters.
      try logitsByLength(items.map(\.ids.count), batchSize: Predictor.defaultBatchSize, workers: 1) {
        batches in
        try batches.map { indices in
          guard !isCancelled() else { throw CancellationError() }
          return try first.base.model.logits(of: indices.map { items[$0] }, with: adapterSet, workers: workers)
        }
      }
    }
    return zip(texts, logits).enumerated().map { index, pair in
      pair.0.adapter.prediction(index, pair.0.text, pair.0.pair, pair.1)
    }
  }

  private func prediction(_ index: Int, _ text: String, _ pair: String?, _ logits: [Float]) -> Prediction {
    let isRegression = logits.count == 1
    return Prediction(
      index: index, text: text, textPair: pair, label: isRegression ? "\(logits[0])" : labels[argmax(logits)],
      logits: logits, probabilities: isRegression ? [] : softmax(logits))
  }

  /// Predicts the class of one text, or of one pair of texts.
  ///
  /// - Throws: ``PredictionError/pairs(expected:)`` if a pair is given to an adapter for single texts, or the reverse.
  public func predict(_ text: String, pair: String? = nil) throws -> Prediction { try predict([(text, pair)])[0] }

  private func softmax(_ logits: [Float]) -> [Double] {
    let highest = Double(logits.max() ?? 0)
    let weights = logits.map { exp(Double($0) - highest) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }
}

extension LoadedAdapter {
  /// Predicts the classes of texts, or of pairs of texts, off the calling thread and with the priority of the calling task.
  ///
  /// - Throws: ``PredictionError/pairs(expected:)``, `AdapterError.unknown` if the adapter has been removed, or
  ///   `CancellationError` soon after the task is cancelled.
  public func predict(_ texts: [(text: String, pair: String?)]) async throws -> [Prediction] {
    try checkPairs(texts)
    return try await BackgroundWork.run(on: BackgroundWork.predictions) { isCancelled in
      let encoded = try encoded(texts, isCancelled: isCancelled)
      let logits = try withWorkers { bindings, workers in
        try Predictor(model: base.model, bindings: bindings, workers: workers)
          .logits(of: encoded, isCancelled: isCancelled)
      }
      return logits.enumerated().map { index, logits in
        prediction(index, texts[index].text, texts[index].pair, logits)
      }
    }
  }

  /// Predicts the class of one text, or of one pair of texts, off the calling thread.
  ///
  /// - Throws: The same errors as the version for several texts.
  public func predict(_ text: String, pair: String? = nil) async throws -> Prediction {
    try await predict([(text, pair)])[0]
  }

  /// Predicts the classes of texts with different adapters on one base in the same batches, off the calling thread.
  ///
  /// - Parameter texts: The texts, each with its adapter; all adapters must be attached to the same base.
  /// - Throws: ``PredictionError/pairs(expected:)``, `AdapterError.unknown` if an adapter has been removed, or
  ///   `CancellationError` soon after the task is cancelled.
  public static func predict(
    _ texts: [(adapter: LoadedAdapter, text: String, pair: String?)]
  ) async throws -> [Prediction] {
    try await BackgroundWork.run(on: BackgroundWork.predictions) { isCancelled in
      try predict(texts, isCancelled: isCancelled)
    }
  }
}

/// The index of the largest value; of the first one if several are equal.
package func argmax(_ values: [Float]) -> Int { values.indices.max { values[$0] < values[$1] } ?? 0 }
