/// The keys and values that an attention looks at.
public final class AttentionSlot: Slot<any AttentionAttachment>, AnySlot, @unchecked Sendable {
  /// `attentions`
  public static let kind = "attentions"

  /// D, the number of features of all heads together.
  public let width: Int
  /// H.
  public let heads: Int

  /// An attention without attachments.
  public init(path: ModulePath, role: Role, layer: Int, width: Int, heads: Int) {
    self.width = width
    self.heads = heads
    super.init(path: path, role: role, layer: layer)
  }

  /// Attention within each sequence, over its own keys and values and those that are attached.
  ///
  /// - Parameters:
  ///   - query: `[T, D]`, or `[S, D]` when only each sequence's first token asks.
  ///   - key: `[T, D]`.
  ///   - value: `[T, D]`.
  ///   - probability: Of an attention probability to be dropped, in training.
  ///   - pass: The worker's way through the model.
  public func attention(query: Tensor, key: Tensor, value: Tensor, dropout probability: Float, in pass: Pass) -> Tensor
  {
    pass.byGroup { rows in
      var (key, value, length) = (rows.of(key), rows.of(value), 0)
      forEachActive(in: pass) { _, layer in
        let prefix = layer.prefix(in: pass)
        key = pass.prepend(prefix.keys, to: key, behind: length)
        value = pass.prepend(prefix.values, to: value, behind: length)
        length += prefix.keys.rows
      }
      return pass.attention(
        query: rows.of(query), key: key, value: value, prefix: length, heads: heads, dropout: probability)
    }
  }
}

/// What a method adds to an attention: keys and values that every sequence sees in front of its own.
public protocol AttentionAttachment: Sendable {
  /// Keys and values, `[P, D]` each, P being the same for both.
  func prefix(in pass: Pass) -> (keys: Tensor, values: Tensor)
}
