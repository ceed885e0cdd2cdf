/// Encodes text as token ids.
public protocol Tokenizer: Sendable {
  /// The largest possible id plus 1.
  var vocabularySize: Int { get }
  /// The largest possible token type plus 1.
  var typeCount: Int { get }
  /// The id before every text, whose hidden state a classifier reads: `[CLS]`.
  var classificationID: Int32 { get }
  /// The id after every text: `[SEP]`.
  var separatorID: Int32 { get }
  /// Everything that affects ids, as bytes to be hashed: equal bytes mean equal ids for every text.
  var identityBytes: [UInt8] { get }

  /// Returns the text of a token, such as `##ing`; `nil` for an unused id.
  func token(of id: Int32) -> String?

  /// Encodes a text, or a pair of texts, with special tokens.
  ///
  /// - Parameters:
  ///   - text: A text; it may be empty.
  ///   - pair: A second text, or `nil`.
  ///   - maxLength: The maximum number of tokens, including special ones. Of a pair, the longer text is truncated first; the
  ///     special tokens, at most eight, are never truncated.
  func encode(_ text: String, pair: String?, maxLength: Int) -> Encoding
}

/// An encoded text.
public struct Encoding: Sendable, Equatable {
  /// The token ids, `[T]`.
  public let ids: [Int32]
  /// The token types (0: first text, 1: second text), `[T]`.
  public let typeIDs: [Int32]
}
