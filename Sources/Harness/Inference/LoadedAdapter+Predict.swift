import Foundation

extension LoadedAdapter {
  /// What the adapter says of one text; the keys of its JSON are a promise.
  public struct Prediction: Encodable, Sendable {
    /// Its place in the input, from 0.
    public let index: Int
    /// The text.
    public let text: String
    /// The second text of a pair.
    public let textPair: String?
    /// The likeliest class's name.
    public let label: String
    /// A number for each class.
    public let logits: [Float]
    /// The same as probabilities, which add up to one.
    public let probabilities: [Double]

    /// The likeliest class's probability.
    public var probability: Double { probabilities.max() ?? 0 }

    /// One JSON object on one line.
    public func json() throws -> String { try snakeCaseJSON(self, pretty: false) }
  }

  /// The names of the classes, in the order of the logits.
  public var labels: [String] { file.metadata.labels }

  /// Classifies texts, or pairs of texts.
  ///
  /// - Throws: ``TaskError/pairs(expected:)`` when the adapter was trained on the other kind.
  public func predict(_ texts: [(text: String, pair: String?)]) throws -> [Prediction] {
    let readsPairs = file.metadata.columns.textPair != nil
    guard texts.allSatisfy({ ($0.pair != nil) == readsPairs }) else { throw TaskError.pairs(expected: readsPairs) }
    let examples = EncodedExamples(
      texts.map { Example(text: $0.text, pair: $0.pair, label: 0) }, tokenizer: base.tokenizer, maxLength: maxLength)
    return evaluator.logits(of: examples).enumerated().map { index, logits in
      let highest = logits.indices.max { logits[$0] < logits[$1] } ?? 0
      return Prediction(
        index: index, text: texts[index].text, textPair: texts[index].pair, label: labels[highest], logits: logits,
        probabilities: softmax(logits))
    }
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
