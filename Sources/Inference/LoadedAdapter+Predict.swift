import GraftCore
public import GraftObjectives
import GraftSupport
import GraftTransformer

extension LoadedAdapter {
  /// The adapter's prediction for one text. The JSON keys are stable.
  public struct Prediction: Sendable {
    /// The index of the text in the input, from 0.
    public let index: Int
    /// The text.
    public let text: String
    /// The second text of a pair.
    public let textPair: String?
    /// The outputs of the head.
    public let logits: [Float]
    /// The answer that the objective derives from them.
    public let answer: Answer
    /// The label that the input gives for the text; `nil` if it has none.
    public var gold: TargetField?

    /// The answer as text: the most probable class, the labels, or the number.
    public var label: String { answer.text }
    /// The labels of the answer; empty for regression.
    public var labels: [String] { answer.labels }
    /// One probability per label; empty for regression.
    public var probabilities: [Double] { answer.probabilities }
    /// The probability of the most probable class; `nil` for other objectives.
    public var probability: Double? { answer.probability }

    /// Returns the prediction as one JSON object on one line.
    public func json() throws -> String { try snakeCaseJSON(self, pretty: false) }
  }

  /// The names of the labels; for regression, one name for the number.
  public var labels: [String] { file.metadata.labels }

  /// Answers texts, or pairs of texts.
  ///
  /// - Throws: ``PredictionError/pairs(expected:)`` if pairs are given to an adapter for single texts, or the reverse.
  public func predict(_ texts: [(text: String, pair: String?)]) throws -> [Prediction] { try predict(texts, from: 0) }

  /// Answers texts that are numbered from `first`.
  package func predict(_ texts: [(text: String, pair: String?)], from first: Int) throws -> [Prediction] {
    try checkPairs(texts)
    let logits = try withWorkers { bindings, workers in
      try predictor(bindings, workers).logits(of: encoded(texts, isCancelled: { false }))
    }
    return logits.enumerated().map { index, logits in
      prediction(first + index, texts[index].text, texts[index].pair, logits)
    }
  }

  private func predictor(_ bindings: ParameterBindings, _ workers: Workers) -> Predictor {
    Predictor(model: base.model, rows: objective.rows, bindings: bindings, workers: workers)
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

  /// Answers texts with different adapters on one base in the same batches. Each prediction is the same as with
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
    var logits = [[Float]](repeating: [], count: items.count)
    // The objectives in a batch need the same rows.
    for (rows, indices) in Dictionary(grouping: items.indices, by: { texts[$0].adapter.objective.rows }) {
      let results = try first.base.workers.lend { workers in
        // Each batch is shared by the workers: its items may be for different adapters.
        try logitsByLength(indices.map { items[$0].ids.count }, batchSize: Predictor.defaultBatchSize, workers: 1) {
          batches in
          try batches.map { batch in
            guard !isCancelled() else { throw CancellationError() }
            return try first.base.model.logits(
              of: batch.map { items[indices[$0]] }, rows: rows, with: adapterSet, workers: workers)
          }
        }
      }
      for (index, row) in zip(indices, results) { logits[index] = row }
    }
    return zip(texts, logits).enumerated().map { index, pair in
      pair.0.adapter.prediction(index, pair.0.text, pair.0.pair, pair.1)
    }
  }

  private func prediction(_ index: Int, _ text: String, _ pair: String?, _ logits: [Float]) -> Prediction {
    Prediction(index: index, text: text, textPair: pair, logits: logits, answer: objective.answer(logits))
  }

  /// Answers one text, or one pair of texts.
  ///
  /// - Throws: ``PredictionError/pairs(expected:)`` if a pair is given to an adapter for single texts, or the reverse.
  public func predict(_ text: String, pair: String? = nil) throws -> Prediction { try predict([(text, pair)])[0] }
}

extension LoadedAdapter.Prediction: Encodable {
  /// Encodes the index, the texts, the logits, and the members of the answer.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(index, forKey: Key("index"))
    try container.encode(text, forKey: Key("text"))
    try container.encodeIfPresent(textPair, forKey: Key("text_pair"))
    try container.encode(logits, forKey: Key("logits"))
    if let gold {
      if let list = gold.list {
        try container.encode(list, forKey: Key("gold"))
      } else {
        try container.encodeIfPresent(gold.text, forKey: Key("gold"))
      }
    }
    for (name, value) in answer.json { try container.encode(value, forKey: Key(name)) }
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }
}

extension LoadedAdapter {
  /// Answers texts, or pairs of texts, off the calling thread and with the priority of the calling task.
  ///
  /// - Throws: ``PredictionError/pairs(expected:)``, `AdapterError.unknown` if the adapter has been removed, or
  ///   `CancellationError` soon after the task is cancelled.
  public func predict(_ texts: [(text: String, pair: String?)]) async throws -> [Prediction] {
    try checkPairs(texts)
    return try await BackgroundWork.run(on: BackgroundWork.predictions) { isCancelled in
      let encoded = try encoded(texts, isCancelled: isCancelled)
      let logits = try withWorkers { bindings, workers in
        try predictor(bindings, workers).logits(of: encoded, isCancelled: isCancelled)
      }
      return logits.enumerated().map { index, logits in
        prediction(index, texts[index].text, texts[index].pair, logits)
      }
    }
  }

  /// Answers one text, or one pair of texts, off the calling thread.
  ///
  /// - Throws: The same errors as the version for several texts.
  public func predict(_ text: String, pair: String? = nil) async throws -> Prediction {
    try await predict([(text, pair)])[0]
  }

  /// Answers texts with different adapters on one base in the same batches, off the calling thread.
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
