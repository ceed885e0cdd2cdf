public import GraftCore

/// The attention layer of a block, without the residual sum: x `[T, D]` to `[T, D]`, or `[S, D]` for the first tokens.
///
/// Vaswani et al., 2017, section 3.2.2.
public struct SelfAttention: Sendable {
  /// The place where adapters add keys and values.
  public let slot: AttentionSlot
  private let projections: Projections
  private let output: ProjectionSlot
  private let window: Int?
  private let rotary: RotaryAngles?

  /// The projections to queries, keys, and values.
  public enum Projections: Sendable {
    /// One projection each.
    case separate(query: ProjectionSlot, key: ProjectionSlot, value: ProjectionSlot)
    /// One projection with a range of outputs each.
    case fused(ProjectionSlot, query: ProjectionSlot, key: ProjectionSlot, value: ProjectionSlot)

    /// The slots, the whole projection first.
    var slots: [ProjectionSlot] {
      switch self {
      case .separate(let query, let key, let value): [query, key, value]
      case .fused(let whole, let query, let key, let value): [whole, query, key, value]
      }
    }
  }

  /// Creates an attention layer from its parts.
  ///
  /// - Parameters:
  ///   - slot: The place where adapters add keys and values, with the number of heads.
  ///   - projections: The projections to queries, keys, and values.
  ///   - output: The projection of the concatenated heads.
  ///   - window: The largest distance between a query and the keys that it sees, or `nil`.
  ///   - rotary: The angles by which queries and keys are rotated, or `nil`.
  public init(
    slot: AttentionSlot, projections: Projections, output: ProjectionSlot, window: Int? = nil,
    rotary: RotaryAngles? = nil
  ) {
    self.slot = slot
    self.projections = projections
    self.output = output
    self.window = window
    self.rotary = rotary
  }

  /// Computes the layer's output.
  ///
  /// - Parameters:
  ///   - x: The input, `[T, D]`.
  ///   - queried: The rows of x that are queried: x itself, or its first tokens, `[S, D]`.
  ///   - context: What all blocks have in common.
  ///   - pass: The current pass.
  public func forward(_ x: Tensor, queried: Tensor, _ context: BlockContext, in pass: Pass) -> Tensor {
    let (query, key, value) = queryKeyValue(x, queried: queried, in: pass)
    let attended = slot.attention(
      query: query, key: key, value: value, bias: context.bias, window: window, dropout: context.dropouts.attention,
      in: pass)
    let result = output.forward(attended, in: pass)
    pass.discard(attended, after: result)
    return result
  }

  /// Returns the keys and values of all tokens, as the attention uses them.
  public func keysAndValues(_ x: Tensor, in pass: Pass) -> (keys: Tensor, values: Tensor) {
    let (_, key, value) = queryKeyValue(x, queried: x, in: pass)
    return (key, value)
  }

  private func queryKeyValue(_ x: Tensor, queried: Tensor, in pass: Pass) -> (Tensor, Tensor, Tensor) {
    let query: Tensor
    let key: Tensor
    let value: Tensor
    switch projections {
    case .separate(let queries, let keys, let values):
      query = queries.forward(queried, in: pass)
      key = keys.forward(x, in: pass)
      value = values.forward(x, in: pass)
    case .fused(let whole, let queries, let keys, let values):
      let y = whole.forward(x, in: pass)
      let all = queries.range(of: y, input: x, in: pass)
      query = queried.rows == x.rows ? all : pass.firstTokens(of: all)
      key = keys.range(of: y, input: x, in: pass)
      value = values.range(of: y, input: x, in: pass)
    }
    guard let rotary else { return (query, key, value) }
    return (
      pass.rotate(query, heads: slot.heads, by: rotary), pass.rotate(key, heads: slot.heads, by: rotary), value
    )
  }

  /// The projections to queries, keys, and values, and that of the concatenated heads, in model order.
  public var modules: [Module] { (projections.slots + [output]).map { Module($0) } }
}
