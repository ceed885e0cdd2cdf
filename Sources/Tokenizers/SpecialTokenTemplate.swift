/// The arrangement of special tokens around a text or a pair of texts, and the type of every token.
struct SpecialTokenTemplate: Sendable, Equatable, CustomStringConvertible {
  enum Piece: Sendable, Equatable {
    case special(ids: [Int32], type: Int32)
    case first(type: Int32)
    case second(type: Int32)
  }

  let single: [Piece]
  let pair: [Piece]
  /// Whether a text that is too long is truncated at its beginning rather than its end.
  var truncatesLeft = false

  /// The same template with all tokens of type 0, for models without token types.
  var untyped: SpecialTokenTemplate {
    SpecialTokenTemplate(
      single: single.map(\.untyped), pair: pair.map(\.untyped), truncatesLeft: truncatesLeft)
  }

  /// `[CLS] A [SEP]` and `[CLS] A [SEP] B [SEP]`; the second text and its separator have type 1.
  static func bert(classification: Int32, separator: Int32) -> SpecialTokenTemplate {
    let single: [Piece] = [
      .special(ids: [classification], type: 0), .first(type: 0), .special(ids: [separator], type: 0),
    ]
    return SpecialTokenTemplate(
      single: single, pair: single + [.second(type: 1), .special(ids: [separator], type: 1)])
  }

  /// `<s> A </s>` and `<s> A </s></s> B </s>`, all of type 0.
  static func roBERTa(classification: Int32, separator: Int32) -> SpecialTokenTemplate {
    let single: [Piece] = [
      .special(ids: [classification], type: 0), .first(type: 0), .special(ids: [separator], type: 0),
    ]
    return SpecialTokenTemplate(
      single: single,
      pair: single + [.special(ids: [separator], type: 0), .second(type: 0), .special(ids: [separator], type: 0)])
  }

  /// The maximum number of special tokens around a text; no tokenizer has more, and special tokens are never truncated.
  static let maximumSpecials = 8

  /// The reason why the template cannot be used, or `nil` if it can.
  var explanation: String? {
    for (pieces, texts) in [(single, 1), (pair, 2)] {
      let first = pieces.filter(\.isFirst).count
      let second = pieces.filter(\.isSecond).count
      guard first == 1, second == texts - 1 else {
        return "the post_processor uses text A \(first) times and text B \(second) times, expected each of them once"
      }
      guard pieces.specialCount <= Self.maximumSpecials else {
        return "the post_processor adds \(pieces.specialCount) special tokens to a text, expected at most "
          + "\(Self.maximumSpecials)"
      }
    }
    return nil
  }

  /// Returns the tokens before and after a text, after checking that the template can be used.
  ///
  /// - Parameters:
  ///   - file: The file that defines the template, for errors.
  ///   - expected: What these tokens usually are.
  /// - Throws: ``TokenizerError/invalid(file:reason:)``.
  func ends(file: String, expected: String) throws -> (first: Int32, last: Int32) {
    if let explanation { throw TokenizerError.invalid(file: file, reason: explanation) }
    guard let (first, last) = firstAndLast else {
      throw TokenizerError.invalid(
        file: file, reason: "a text needs a special token before and after it, expected \(expected)")
    }
    return (first, last)
  }

  /// The tokens before and after a text; `nil` when either is missing.
  var firstAndLast: (first: Int32, last: Int32)? {
    guard let first = single.firstSpecial, let last = single.lastSpecial else { return nil }
    return (first, last)
  }

  /// The largest id of a special token.
  var largestID: Int32 { (single + pair).map(\.largestID).max() ?? 0 }
  /// The largest type plus 1.
  var typeCount: Int { Int((single + pair).map(\.type).max() ?? 0) + 1 }

  /// A canonical form, for the tokenizer's identity.
  var description: String { "\(text(single)) \(text(pair))" + (truncatesLeft ? " left" : "") }

  private func text(_ pieces: [Piece]) -> String {
    pieces.map { piece in
      switch piece {
      case .special(let ids, let type): "\(ids.map(String.init).joined(separator: "+")):\(type)"
      case .first(let type): "A:\(type)"
      case .second(let type): "B:\(type)"
      }
    }.joined(separator: ",")
  }

  private func part(_ count: Int, of ids: [Int32]) -> ArraySlice<Int32> {
    truncatesLeft ? ids.suffix(count) : ids.prefix(count)
  }

  /// Adds special tokens to ids, after truncating these so that at most `maxLength` tokens result.
  func assemble(_ first: [Int32], _ second: [Int32]?, maxLength: Int) -> Encoding {
    let pieces = second == nil ? single : pair
    let special = pieces.specialCount
    let room = max(0, maxLength - special)
    let kept = second.map { longestFirst(first.count, $0.count, room: room) } ?? (min(first.count, room), 0)
    var ids: [Int32] = []
    var types: [Int32] = []
    ids.reserveCapacity(special + kept.0 + kept.1)
    types.reserveCapacity(special + kept.0 + kept.1)
    func append(_ part: some Collection<Int32>, _ type: Int32) {
      ids += part
      types += repeatElement(type, count: part.count)
    }
    for piece in pieces {
      switch piece {
      case .special(let ids, let type): append(ids, type)
      case .first(let type): append(part(kept.0, of: first), type)
      case .second(let type): append(part(kept.1, of: second ?? []), type)
      }
    }
    return Encoding(ids: ids, typeIDs: types)
  }
}

extension SpecialTokenTemplate.Piece {
  var isFirst: Bool { if case .first = self { true } else { false } }
  var isSecond: Bool { if case .second = self { true } else { false } }

  var untyped: SpecialTokenTemplate.Piece {
    switch self {
    case .special(let ids, _): .special(ids: ids, type: 0)
    case .first: .first(type: 0)
    case .second: .second(type: 0)
    }
  }

  var type: Int32 {
    switch self {
    case .special(_, let type), .first(let type), .second(let type): type
    }
  }

  var largestID: Int32 { if case .special(let ids, _) = self { ids.max() ?? 0 } else { 0 } }
}

extension [SpecialTokenTemplate.Piece] {
  /// The number of special tokens.
  var specialCount: Int { reduce(0) { if case .special(let ids, _) = $1 { $0 + ids.count } else { $0 } } }
  /// The first special token's id.
  var firstSpecial: Int32? {
    if case .special(let ids, _)? = first { ids.first } else { nil }
  }
  /// The last special token's id.
  var lastSpecial: Int32? {
    if case .special(let ids, _)? = last { ids.last } else { nil }
  }
}

/// Returns the lengths of two texts after truncating the longer one first; of two long texts, the second keeps the odd token.
private func longestFirst(_ first: Int, _ second: Int, room: Int) -> (Int, Int) {
  guard first + second > room else { return (first, second) }
  let shorter = min(first, second)
  let longer = Swift.max(shorter, room - shorter)
  if shorter + longer <= room { return first <= second ? (shorter, longer) : (longer, shorter) }
  let (half, rest) = (room / 2, room - room / 2)
  return first <= second ? (half, rest) : (rest, half)
}
