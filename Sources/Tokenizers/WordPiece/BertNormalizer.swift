/// Cleans text, isolates Chinese characters, strips accents, and lowercases letters, each if enabled.
///
/// Devlin et al., 2019; matches `BertNormalizer` of `tokenizers`, in this order.
package struct BertNormalizer: Sendable, Equatable, CustomStringConvertible {
  /// Whether control characters are removed and all white space becomes plain spaces.
  package var cleansText: Bool
  /// Whether each Chinese character gets a space on both sides.
  package var isolatesChinese: Bool
  /// Whether characters are decomposed and their accents removed.
  package var stripsAccents: Bool
  /// Whether letters are lowercased.
  package var lowersCase: Bool

  /// Creates a normalizer; the defaults are those of an uncased model.
  package init(
    cleansText: Bool = true, isolatesChinese: Bool = true, stripsAccents: Bool = true, lowersCase: Bool = true
  ) {
    self.cleansText = cleansText
    self.isolatesChinese = isolatesChinese
    self.stripsAccents = stripsAccents
    self.lowersCase = lowersCase
  }

  /// A canonical form, for the tokenizer's identity.
  package var description: String { "\(cleansText) \(isolatesChinese) \(stripsAccents) \(lowersCase)" }

  /// Returns the normalized code points of a text.
  package func normalize(_ text: some Sequence<Unicode.Scalar>) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(text.underestimatedCount)
    var accents = AccentStripper()
    for scalar in text {
      forEachCleaned(scalar) { scalar in
        if stripsAccents {
          accents.take(scalar) { emit($0, to: &result) }
        } else {
          emit(scalar, to: &result)
        }
      }
    }
    accents.flush { emit($0, to: &result) }
    return result
  }

  @inline(__always)
  private func emit(_ scalar: Unicode.Scalar, to result: inout [Unicode.Scalar]) {
    guard lowersCase else { return result.append(scalar) }
    if scalar == "\u{130}" { return result.append(contentsOf: ["i", "\u{307}"]) }  // the only expansion to two
    result.append(scalar.lowercased)
  }

  @inline(__always)
  private func forEachCleaned(_ scalar: Unicode.Scalar, _ body: (Unicode.Scalar) -> Void) {
    var scalar = scalar
    if cleansText {
      if scalar.isRemoved { return }
      if scalar.isCleanedToSpace { scalar = " " }
    }
    guard isolatesChinese, scalar.isChinese else { return body(scalar) }
    body(" ")
    body(scalar)
    body(" ")
  }
}

/// Decomposes characters, sorts their marks, and drops the accents, like normalization form D without marks.
private struct AccentStripper {
  /// Marks that are kept. They wait until a character without a combining class ends the run, and are then sorted by class.
  private var waiting: [(scalar: Unicode.Scalar, order: UInt32)] = []

  @inline(__always)
  mutating func take(_ scalar: Unicode.Scalar, _ emit: (Unicode.Scalar) -> Void) {
    if scalar.isASCII {
      if !waiting.isEmpty { flush(emit) }
      return emit(scalar)
    }
    decompose(scalar, emit)
  }

  private mutating func decompose(_ scalar: Unicode.Scalar, _ emit: (Unicode.Scalar) -> Void) {
    if scalar.isAccent {
      // Some accents end a run of marks although they are removed.
      if scalar.endsRunOfMarks { flush(emit) }
    } else if let base = scalar.withoutAccents {
      for part in base { place(part, emit) }
    } else {
      place(scalar, emit)
    }
  }

  private mutating func place(_ scalar: Unicode.Scalar, _ emit: (Unicode.Scalar) -> Void) {
    guard let order = scalar.combiningClass else {
      flush(emit)
      return emit(scalar)
    }
    waiting.append((scalar, order))
  }

  mutating func flush(_ emit: (Unicode.Scalar) -> Void) {
    if waiting.count > 1 { waiting.sort { $0.order < $1.order } }  // must be stable, and is
    for mark in waiting { emit(mark.scalar) }
    waiting.removeAll(keepingCapacity: true)
  }
}
