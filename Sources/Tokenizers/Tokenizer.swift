/// Turns text into the ids of tokens.
public protocol Tokenizer: Sendable {
  /// One more than the largest id that can come out.
  var vocabularySize: Int { get }
  /// One more than the largest token type that can come out.
  var typeCount: Int { get }
  /// The id in front of every text, whose vector a classifier reads: `[CLS]`.
  var classificationID: Int32 { get }
  /// The id behind every text: `[SEP]`.
  var separatorID: Int32 { get }
  /// All that decides which ids come out, as bytes to be hashed: equal bytes mean equal ids for every text.
  var identityBytes: [UInt8] { get }

  /// The text that an id stands for, such as `##ing`; `nil` for an id that never comes out.
  func token(of id: Int32) -> String?

  /// The ids of a text, or of a pair of texts, with special tokens.
  ///
  /// - Parameters:
  ///   - text: Any text, empty too.
  ///   - pair: A second text, or `nil`.
  ///   - maxLength: How many tokens there may be, special ones included. Of a pair the longer text is cut first; the
  ///     special tokens, at most eight, are never cut.
  func encode(_ text: String, pair: String?, maxLength: Int) -> Encoding
}

/// A text as ids.
public struct Encoding: Sendable, Equatable {
  /// The tokens' ids, `[T]`.
  public let ids: [Int32]
  /// The tokens' types (0: first text, 1: second), `[T]`.
  public let typeIDs: [Int32]
}
