public import GraftCore

/// Embeddings and a stack of blocks: token IDs to hidden states.
///
/// It does not depend on any method: adapters attach to the slots of its parts.
public struct TransformerEncoder: Sendable {
  private let embeddings: Embeddings
  private let relativePositions: RelativePositions?
  private let blocks: [any EncoderBlock]
  private let norm: NamedNorm?

  /// Creates an encoder from its parts.
  ///
  /// - Parameters:
  ///   - embeddings: The embeddings.
  ///   - blocks: The blocks in order. A block that occurs more than once is shared by several layers.
  ///   - relativePositions: The bias of the attention layers by relative position, or `nil`.
  ///   - norm: The layer norm after the last block, or `nil`.
  public init(
    embeddings: Embeddings, blocks: [any EncoderBlock], relativePositions: RelativePositions? = nil,
    norm: NamedNorm? = nil
  ) {
    self.embeddings = embeddings
    self.blocks = blocks
    self.relativePositions = relativePositions
    self.norm = norm
  }

  /// Returns the hidden states after the last block: `[S, D]` for the first tokens, `[T, D]` for all.
  ///
  /// - Parameters:
  ///   - rows: The rows that the caller needs. For the first tokens, the last block computes only one row per sequence.
  ///   - dropouts: The dropout probabilities.
  ///   - pass: The current pass.
  public func hiddenStates(of rows: EncoderRows, dropouts: BaseDropouts, in pass: Pass) -> Tensor {
    var x = embeddings.forward(dropouts: dropouts, in: pass)
    let context = BlockContext(dropouts: dropouts, bias: relativePositions?.bias(in: pass))
    for (index, block) in blocks.enumerated() {
      let isLast = index == blocks.count - 1
      let y = pass.part { block.forward(x, isLast ? rows : .all, context, in: pass) }
      pass.discard(x, after: y)
      x = y
    }
    return norm?.forward(x, in: pass) ?? x
  }

  /// Returns the keys and values that each attention layer computes for some of the pass's tokens, in inference.
  func activations(of tokens: Range<Int>, in pass: Pass) -> [AttentionActivations] {
    let dropouts = BaseDropouts(all: 0)
    var x = embeddings.forward(dropouts: dropouts, in: pass)
    let context = BlockContext(dropouts: dropouts, bias: relativePositions?.bias(in: pass))
    return blocks.map { block in
      defer { x = pass.part { block.forward(x, .all, context, in: pass) } }
      func rows(_ y: Tensor) -> [Float] {
        Array(y.toArray()[tokens.lowerBound * y.columns..<tokens.upperBound * y.columns])
      }
      let (keys, values) = block.attention.keysAndValues(block.attentionInput(x, in: pass), in: pass)
      return AttentionActivations(path: block.attention.slot.path, keys: rows(keys), values: rows(values))
    }
  }

  /// The modules, in model order; those of a shared block once.
  var modules: [Module] {
    var seen: Set<ModulePath> = []
    let all =
      embeddings.modules + blocks.flatMap(\.modules) + [relativePositions?.module, norm?.module].compactMap(\.self)
    return all.filter { seen.insert($0.path).inserted }
  }
}
