/// Cleans text, sets Chinese characters apart, strips accents and lowers the case, each where it is switched on.
///
/// Devlin et al., 2019, as `tokenizers`' `BertNormalizer`, in that order.
package struct BertNormalizer: Sendable, Equatable, CustomStringConvertible {
  /// Remove controls and make every white space a plain one.
  package var cleansText: Bool
  /// Put a space on both sides of each Chinese character.
  package var isolatesChinese: Bool
  /// Decompose characters and remove their accents.
  package var stripsAccents: Bool
  /// Make all letters small.
  package var lowersCase: Bool

  /// The switches of an uncased model.
  package init(
    cleansText: Bool = true, isolatesChinese: Bool = true, stripsAccents: Bool = true, lowersCase: Bool = true
  ) {
    self.cleansText = cleansText
    self.isolatesChinese = isolatesChinese
    self.stripsAccents = stripsAccents
    self.lowersCase = lowersCase
  }

  /// For the tokenizer's identity.
  package var description: String { "\(cleansText) \(isolatesChinese) \(stripsAccents) \(lowersCase)" }

  /// The text's code points, changed as the switches say.
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
    if scalar == "\u{130}" { return result.append(contentsOf: ["i", "\u{307}"]) }  // the one with two
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

/// Decomposes characters, sorts their marks and drops the accents, as normal form D without marks would.
private struct AccentStripper {
  /// Marks that stay, until a character without a class ends their run and they are sorted by their classes.
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
      // Some accents end a run of marks, although they are gone.
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
    if waiting.count > 1 { waiting.sort { $0.order < $1.order } }  // stable, as it must be
    for mark in waiting { emit(mark.scalar) }
    waiting.removeAll(keepingCapacity: true)
  }
}
