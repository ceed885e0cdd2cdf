/// The slot for additional keys and values of an attention layer.
public final class AttentionSlot: Slot<any AttentionAttachment>, AnySlot, @unchecked Sendable {
  /// `attention layers`
  public static let kind = "attention layers"

  /// D, the total width of all heads.
  public let width: Int
  /// H, the number of heads.
  public let heads: Int

  /// Creates a slot without attachments.
  public init(path: ModulePath, role: Role, layer: Int, width: Int, heads: Int) {
    self.width = width
    self.heads = heads
    super.init(path: path, role: role, layer: layer)
  }

  /// Computes attention within each sequence, over the sequence's own keys and values and the attached ones.
  ///
  /// - Parameters:
  ///   - query: `[T, D]`, or `[S, D]` when only the first token of each sequence is queried.
  ///   - key: `[T, D]`.
  ///   - value: `[T, D]`.
  ///   - bias: Returns an additive bias by head and distance, from ``Pass/relativeBias(_:buckets:)``; called for each group of
  ///     sequences, which may have different ones.
  ///   - window: The largest distance between a query and the keys that it sees, or `nil`.
  ///   - probability: The dropout probability for attention probabilities, in training.
  ///   - pass: The current pass.
  public func attention(
    query: Tensor, key: Tensor, value: Tensor, bias: (() -> Tensor)? = nil, window: Int? = nil,
    dropout probability: Float,
    in pass: Pass
  ) -> Tensor {
    pass.byGroup { rows in
      var (key, value, length) = (rows.of(key), rows.of(value), 0)
      forEachActive(in: pass) { _, layer in
        let prefix = layer.prefix(in: pass)
        key = pass.prepend(prefix.keys, to: key, after: length)
        value = pass.prepend(prefix.values, to: value, after: length)
        length += prefix.keys.rows
      }
      return pass.attention(
        query: rows.of(query), key: key, value: value, prefix: length, heads: heads, bias: bias?(), window: window,
        dropout: probability)
    }
  }
}

/// A method's addition to an attention layer: keys and values that every sequence sees before its own.
public protocol AttentionAttachment: Sendable {
  /// Returns the keys and values, `[P, D]` each, with the same P.
  func prefix(in pass: Pass) -> (keys: Tensor, values: Tensor)
}
