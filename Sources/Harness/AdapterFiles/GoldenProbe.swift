public import GraftCore
import GraftSupport
import GraftTokenizers
public import GraftTransformer

/// Token ids and the logits that base and adapter together must give for them: proof that a loaded adapter is the one that
/// was saved.
public struct GoldenProbe: Sendable, Codable, Equatable {
  /// The sequences' ids; all of the first type.
  public let ids: [[Int32]]
  /// The logits, a row a sequence.
  public let logits: [[Float]]
  /// The precision that they were computed in.
  public let precision: String
  /// How far each logit may be off.
  public let tolerance: Float

  /// A file that allows itself more is refused.
  static let largestTolerance: Float = 1e-4

  /// What is wrong with a probe out of a file, or `nil`: it must prove something.
  var explanation: String? {
    if FrozenProducts.Precision(rawValue: precision) == nil { return "its precision is \(quoted(precision))" }
    if !(0...Self.largestTolerance).contains(tolerance) { return "it tolerates \(tolerance)" }
    if ids.count > 64 || ids.contains(where: { $0.count > 1 << 16 }) {
      return "it has more than 64 sequences, or one that is too long"
    }
    if ids.isEmpty || logits.count != ids.count { return "it has \(ids.count) sequences and \(logits.count) answers" }
    return nil
  }

  /// Whether the model answered with numbers.
  var isFinite: Bool { logits.allSatisfy { $0.allSatisfy(\.isFinite) } }

  /// Draws sequences from the vocabulary and asks the model, as it is now.
  init(
    of model: SequenceClassifier, with adapter: Adapter, tokenizer: any Tokenizer, seed: UInt64, workers: Workers
  ) {
    var random = RandomStream(seed: seed, purpose: "golden probe")
    let longest = model.longestSequence(with: adapter)
    ids = [6, 12, 24].map { length in
      let drawn = (0..<min(length, longest - 2)).map { _ in
        Int32.random(in: 0..<Int32(tokenizer.vocabularySize), using: &random)
      }
      return [tokenizer.classificationID] + drawn + [tokenizer.separatorID]
    }
    logits = Self.logits(ids, of: model, model.adaptable.bindings(ofOnly: [adapter]), workers)
    precision = FrozenProducts.Precision.float32.rawValue
    tolerance = Self.largestTolerance
  }

  /// The same sequences with what another adapter says to them.
  func recomputed(of model: SequenceClassifier, with adapter: Adapter, workers: Workers) -> GoldenProbe {
    GoldenProbe(
      ids: ids, logits: logits(of: model, model.adaptable.bindings(ofOnly: [adapter]), workers: workers),
      precision: precision, tolerance: tolerance)
  }

  private init(ids: [[Int32]], logits: [[Float]], precision: String, tolerance: Float) {
    self.ids = ids
    self.logits = logits
    self.precision = precision
    self.tolerance = tolerance
  }

  /// The largest difference between the model's answer now and the stored one; infinite when they can't be compared.
  ///
  /// - Parameters:
  ///   - model: The base with what sits on it.
  ///   - adapter: The one that answers; others that sit there don't take part.
  ///   - workers: Who does the work.
  public func difference(of model: SequenceClassifier, with adapter: Adapter, workers: Workers) -> Float {
    let (vocabulary, longest) = (model.configuration.vocabularySize, model.longestSequence(with: adapter))
    let fits = ids.allSatisfy { sequence in
      (1...longest).contains(sequence.count) && sequence.allSatisfy { $0 >= 0 && $0 < vocabulary }
    }
    guard fits, logits.count == ids.count else { return .infinity }
    let now = logits(of: model, model.adaptable.bindings(ofOnly: [adapter]), workers: workers)
    guard zip(now, logits).allSatisfy({ $0.count == $1.count }) else { return .infinity }
    let differences = zip(now.joined(), logits.joined()).map { abs($0 - $1) }
    return differences.contains { $0.isNaN } ? .infinity : differences.max() ?? .infinity
  }

  /// What the model says to the probe's sequences now.
  func logits(of model: SequenceClassifier, _ bindings: ParameterBindings, workers: Workers) -> [[Float]] {
    Self.logits(ids, of: model, bindings, workers)
  }

  private static func logits(
    _ ids: [[Int32]], of model: SequenceClassifier, _ bindings: ParameterBindings, _ workers: Workers
  ) -> [[Float]] {
    var batch = PackedBatch()
    for sequence in ids { batch.append(ids: sequence, typeIDs: Array(repeating: 0, count: sequence.count)) }
    let parts = workers.run(batch, mode: .exactInference, bindings: bindings) {
      pass, _ in
      model.logits(in: pass).toRows()
    }
    return Array(parts.joined())
  }
}
