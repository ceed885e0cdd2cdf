import Foundation
import GraftTransformer

extension LoadedAdapter {
  /// What the adapter says of one text; the keys of its JSON are a promise.
  public struct Prediction: Encodable, Sendable {
    /// Its place in the input, from 0.
    public let index: Int
    /// The text.
    public let text: String
    /// The second text of a pair.
    public let textPair: String?
    /// The likeliest class's name, or the number where one was learnt.
    public let label: String
    /// A number for each class, or the one that was learnt.
    public let logits: [Float]
    /// The same as probabilities, which add up to one; none where a number was learnt.
    public let probabilities: [Double]

    /// The likeliest class's probability; `nil` where a number was learnt.
    public var probability: Double? { probabilities.max() }

    /// One JSON object on one line.
    public func json() throws -> String { try snakeCaseJSON(self, pretty: false) }
  }

  /// The names of the classes, in the order of the logits.
  public var labels: [String] { file.metadata.labels }

  /// Classifies texts, or pairs of texts.
  ///
  /// - Throws: ``TaskError/pairs(expected:)`` when the adapter was trained on the other kind.
  public func predict(_ texts: [(text: String, pair: String?)]) throws -> [Prediction] { try predict(texts, from: 0) }

  /// Classifies texts as they come, so that memory does not grow with their number.
  ///
  /// - Parameters:
  ///   - input: The texts.
  ///   - body: Called with the answers to some texts, in their order, as soon as no more texts are there; returns whether
  ///     to go on.
  /// - Throws: ``TaskError/pairs(expected:)`` when the adapter was trained on the other kind; what reading throws, after
  ///   the answers to the texts before; what `body` throws.
  public func predict(_ input: inout TextInput, _ body: ([Prediction]) throws -> Bool) throws {
    var count = 0
    while let texts = try input.next() {
      let predictions = try predict(texts, from: count)
      count += texts.count
      guard try body(predictions) else { return }
    }
  }

  private func predict(_ texts: [(text: String, pair: String?)], from first: Int) throws -> [Prediction] {
    let readsPairs = file.metadata.columns.textPair != nil
    guard texts.allSatisfy({ ($0.pair != nil) == readsPairs }) else { throw TaskError.pairs(expected: readsPairs) }
    let examples = EncodedExamples(
      texts.map { Example(text: $0.text, pair: $0.pair, target: .value(0)) }, tokenizer: base.tokenizer,
      maxLength: maxLength)
    return evaluating { $0.logits(of: examples) }.enumerated().map { index, logits in
      prediction(first + index, texts[index].text, texts[index].pair, logits)
    }
  }

  /// Classifies texts by different adapters on one base together: each answers its own as it would alone.
  ///
  /// - Parameter texts: With the adapters that answer them; all must sit on the same base.
  /// - Throws: ``TaskError/pairs(expected:)`` when an adapter was trained on the other kind.
  public static func predict(_ texts: [(adapter: LoadedAdapter, text: String, pair: String?)]) throws -> [Prediction] {
    guard let first = texts.first?.adapter else { return [] }
    precondition(texts.allSatisfy { $0.adapter.base.model === first.base.model }, "adapters of one base in memory")
    let questions = try texts.map { adapter, text, pair in
      let readsPairs = adapter.file.metadata.columns.textPair != nil
      guard (pair != nil) == readsPairs else { throw TaskError.pairs(expected: readsPairs) }
      let encoding = adapter.base.tokenizer.encode(text, pair: pair, maxLength: adapter.maxLength)
      return SequenceClassifier.Request(ids: encoding.ids, typeIDs: encoding.typeIDs, adapters: [adapter.id])
    }
    let answers = first.base.workers.lend { workers in
      // Each batch is shared by the workers: its questions may be for different adapters.
      answersByLength(questions.map(\.ids.count), batchSize: TrainingConfiguration().evalBatchSize, workers: 1) {
        batches in
        batches.map { indices in first.base.model.logits(of: indices.map { questions[$0] }, workers: workers) }
      }
    }
    return zip(texts, answers).enumerated().map { index, pair in
      pair.0.adapter.prediction(index, pair.0.text, pair.0.pair, pair.1)
    }
  }

  private func prediction(_ index: Int, _ text: String, _ pair: String?, _ logits: [Float]) -> Prediction {
    let isNumber = logits.count == 1
    return Prediction(
      index: index, text: text, textPair: pair, label: isNumber ? "\(logits[0])" : labels[Metric.answer(logits)],
      logits: logits, probabilities: isNumber ? [] : softmax(logits))
  }

  /// Classifies one text.
  public func predict(_ text: String, pair: String? = nil) throws -> Prediction { try predict([(text, pair)])[0] }

  private func softmax(_ logits: [Float]) -> [Double] {
    let highest = Double(logits.max() ?? 0)
    let weights = logits.map { exp(Double($0) - highest) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }
}
