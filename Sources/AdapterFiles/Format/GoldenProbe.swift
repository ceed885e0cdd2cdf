public import GraftCore
import GraftSupport
import GraftTokenizers
public import GraftTransformer

/// Token IDs and the reference logits of the base with the adapter. Computing them again proves that a loaded adapter is the one
/// that was saved.
public struct GoldenProbe: Sendable, Codable, Equatable {
  /// The token IDs of each sequence; all have token type 0.
  public let ids: [[Int32]]
  /// The logits of each sequence.
  public let logits: [[Float]]
  /// The tokens that have logits; `nil` means the first one of each sequence.
  public let rows: EncoderRows?
  /// The precision in which the logits were computed.
  public let precision: String
  /// The largest allowed difference of a logit.
  public let tolerance: Float

  /// The largest tolerance that is accepted in a file.
  static let largestTolerance: Float = 1e-4

  /// The reason why a probe read from a file is invalid, or `nil` if it is valid.
  var explanation: String? {
    if FrozenProducts.Precision(rawValue: precision) == nil { return "unrecognized precision \(quoted(precision))" }
    if !(0...Self.largestTolerance).contains(tolerance) {
      return "the tolerance is \(tolerance), expected 0 to \(Self.largestTolerance)"
    }
    if ids.count > 64 || ids.contains(where: { $0.count > 1 << 16 }) {
      return "it has more than 64 sequences, or one that is too long"
    }
    if ids.isEmpty || logits.count != ids.count {
      return "it has \(ids.count) sequences and \(logits.count) rows of logits"
    }
    return nil
  }

  /// Whether all logits are finite.
  package var isFinite: Bool { logits.allSatisfy { $0.allSatisfy(\.isFinite) } }

  /// Draws random sequences from the vocabulary and records the model's current logits.
  init(
    of model: SequenceClassifier, with adapter: Adapter, rows: EncoderRows, tokenizer: any Tokenizer, seed: UInt64,
    workers: Workers
  ) {
    self.rows = rows == .firstTokens ? nil : rows
    var random = RandomStream(seed: seed, purpose: "golden probe")
    let longest = model.longestSequence(with: adapter)
    ids = [6, 12, 24].map { length in
      let drawn = (0..<min(length, longest - 2)).map { _ in
        Int32.random(in: 0..<Int32(tokenizer.vocabularySize), using: &random)
      }
      return [tokenizer.classificationID] + drawn + [tokenizer.separatorID]
    }
    logits = Self.logits(ids, rows, of: model, model.adaptable.bindings(ofOnly: [adapter]), workers)
    precision = FrozenProducts.Precision.float32.rawValue
    tolerance = Self.largestTolerance
  }

  /// Returns a probe with the same sequences and another adapter's logits.
  package func recomputed(of model: SequenceClassifier, with adapter: Adapter, workers: Workers) -> GoldenProbe {
    GoldenProbe(
      ids: ids, logits: logits(of: model, model.adaptable.bindings(ofOnly: [adapter]), workers: workers),
      rows: rows, precision: precision, tolerance: tolerance)
  }

  private init(ids: [[Int32]], logits: [[Float]], rows: EncoderRows?, precision: String, tolerance: Float) {
    self.ids = ids
    self.logits = logits
    self.rows = rows
    self.precision = precision
    self.tolerance = tolerance
  }

  /// Returns the largest difference between the model's current logits and the stored ones, or infinity if they can't be
  /// compared.
  ///
  /// - Parameters:
  ///   - model: The base.
  ///   - adapter: The only active adapter; it need not be attached.
  ///   - workers: The workers that run the forward pass.
  public func difference(of model: SequenceClassifier, with adapter: Adapter, workers: Workers) -> Float {
    let vocabulary = model.configuration.vocabularySize
    let longest = model.longestSequence(with: adapter)
    let fits = ids.allSatisfy { sequence in
      (1...longest).contains(sequence.count) && sequence.allSatisfy { $0 >= 0 && $0 < vocabulary }
    }
    guard fits, logits.count == ids.count else { return .infinity }
    let current = logits(of: model, model.adaptable.bindings(ofOnly: [adapter]), workers: workers)
    guard zip(current, logits).allSatisfy({ $0.count == $1.count }) else { return .infinity }
    let differences = zip(current.joined(), logits.joined()).map { abs($0 - $1) }
    return differences.contains { $0.isNaN } ? .infinity : differences.max() ?? .infinity
  }

  /// Returns the model's current logits for the probe's sequences.
  package func logits(of model: SequenceClassifier, _ bindings: ParameterBindings, workers: Workers) -> [[Float]] {
    Self.logits(ids, rows ?? .firstTokens, of: model, bindings, workers)
  }

  private static func logits(
    _ ids: [[Int32]], _ rows: EncoderRows, of model: SequenceClassifier, _ bindings: ParameterBindings,
    _ workers: Workers
  ) -> [[Float]] {
    var batch = PackedBatch()
    for sequence in ids { batch.append(ids: sequence, typeIDs: Array(repeating: 0, count: sequence.count)) }
    let parts = workers.run(batch, mode: .exactInference, bindings: bindings) {
      pass, _ in
      model.logitsBySequence(of: rows, in: pass)
    }
    return Array(parts.joined())
  }
}
