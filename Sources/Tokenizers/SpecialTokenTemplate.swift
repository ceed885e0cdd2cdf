/// Where special tokens stand around a text or a pair of texts, and the types of all of them.
struct SpecialTokenTemplate: Sendable, Equatable, CustomStringConvertible {
  enum Piece: Sendable, Equatable {
    case special(ids: [Int32], type: Int32)
    case first(type: Int32)
    case second(type: Int32)
  }

  let single: [Piece]
  let pair: [Piece]
  /// Whether the beginning of a text that is too long is cut off, not its end.
  var truncatesLeft = false

  /// The same with all tokens of type 0, for models that are not told which text a token belongs to.
  var untyped: SpecialTokenTemplate {
    SpecialTokenTemplate(
      single: single.map(\.untyped), pair: pair.map(\.untyped), truncatesLeft: truncatesLeft)
  }

  /// `[CLS] A [SEP]` and `[CLS] A [SEP] B [SEP]`, the second text and what follows it of type 1.
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

  /// More special tokens around a text are refused: no tokenizer has them, and they are never cut.
  static let mostSpecials = 8

  /// What a template must keep, as the reason for a refusal, or `nil`.
  var explanation: String? {
    for (pieces, texts) in [(single, 1), (pair, 2)] {
      let (first, second) = (pieces.filter(\.isFirst).count, pieces.filter(\.isSecond).count)
      guard first == 1, second == texts - 1 else {
        return "the post_processor takes its texts \(first) and \(second) times, expected each once"
      }
      guard pieces.specialCount <= Self.mostSpecials else {
        return "the post_processor puts \(pieces.specialCount) special tokens around a text, expected at most "
          + "\(Self.mostSpecials)"
      }
    }
    return nil
  }

  /// The tokens in front of and behind a text, after making sure that the template is one that can be used.
  ///
  /// - Parameter expected: What these tokens usually are.
  /// - Throws: ``TokenizerError/invalid(file:reason:)``.
  func ends(file: String, expected: String) throws -> (first: Int32, last: Int32) {
    if let explanation { throw TokenizerError.invalid(file: file, reason: explanation) }
    guard let (first, last) = firstAndLast else {
      throw TokenizerError.invalid(
        file: file, reason: "no special token stands in front of and behind a text, expected \(expected)")
    }
    return (first, last)
  }

  /// The tokens before and after a text; `nil` where there is none.
  var firstAndLast: (first: Int32, last: Int32)? {
    guard let first = single.firstSpecial, let last = single.lastSpecial else { return nil }
    return (first, last)
  }

  /// The largest id of a special token.
  var largestID: Int32 { (single + pair).map(\.largestID).max() ?? 0 }
  /// One more than the largest type.
  var typeCount: Int { Int((single + pair).map(\.type).max() ?? 0) + 1 }

  /// For the tokenizer's identity.
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

  /// Puts special tokens around ids, after cutting these to what is left of `maxLength`.
  func assemble(_ first: [Int32], _ second: [Int32]?, maxLength: Int) -> Encoding {
    let pieces = second == nil ? single : pair
    let special = pieces.specialCount
    let room = max(0, maxLength - special)
    let kept = second.map { longestFirst(first.count, $0.count, room: room) } ?? (min(first.count, room), 0)
    var (ids, types): ([Int32], [Int32]) = ([], [])
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
  /// How many special tokens there are.
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

/// How much of two texts is kept when the longer one is cut first; of two long ones the second gets the odd place.
private func longestFirst(_ first: Int, _ second: Int, room: Int) -> (Int, Int) {
  guard first + second > room else { return (first, second) }
  let shorter = min(first, second)
  let longer = Swift.max(shorter, room - shorter)
  if shorter + longer <= room { return first <= second ? (shorter, longer) : (longer, shorter) }
  let (half, rest) = (room / 2, room - room / 2)
  return first <= second ? (half, rest) : (rest, half)
}
