import GraftCore

/// The encoder that all families share: embeddings and a stack of blocks. BERT, DistilBERT, and RoBERTa differ only in
/// configuration and in names.
///
/// It does not depend on any method: adapters attach to the slots of its blocks.
struct Encoder: Sendable {
  let embeddings = EmbeddingsSlot(path: "embeddings", role: .embeddings, layer: 0)
  private let words: Parameter
  private let positions: Parameter
  private let firstPosition: Int
  private let paddingID: Int32?
  private let types: Parameter?
  private let norm: NamedNorm
  private let blocks: [EncoderBlock]

  init(_ configuration: EncoderConfiguration, weights: inout WeightLoader) throws {
    let d = configuration.hiddenWidth
    words = try weights.parameter("embeddings.word_embeddings.weight", [configuration.vocabularySize, d])
    positions = try weights.parameter("embeddings.position_embeddings.weight", [configuration.positionCount, d])
    firstPosition = configuration.firstPosition
    paddingID = configuration.paddingID
    types =
      configuration.typeCount == 0
      ? nil : try weights.parameter("embeddings.token_type_embeddings.weight", [configuration.typeCount, d])
    norm = try weights.norm("embeddings.LayerNorm", width: d, epsilon: configuration.epsilon)
    var blocks: [EncoderBlock] = []
    for index in 0..<configuration.layerCount {
      blocks.append(try EncoderBlock(index: index, configuration: configuration, weights: &weights))
    }
    self.blocks = blocks
  }

  /// Returns the hidden state of each sequence's first token after the last block, `[S, D]`.
  func firstTokens(dropouts: BaseDropouts, in pass: Pass) -> Tensor {
    var x = embed(dropouts: dropouts, in: pass)
    for (index, block) in blocks.enumerated() {
      let isLast = index == blocks.count - 1
      let y = pass.part { block.forward(x, firstTokensOnly: isLast, dropouts: dropouts, in: pass) }
      pass.discard(x, after: y)
      x = y
    }
    return x
  }

  /// Returns the keys and values that each attention layer computes for some of the pass's tokens, in inference.
  func activations(of tokens: Range<Int>, in pass: Pass) -> [AttentionActivations] {
    var x = embed(dropouts: BaseDropouts(all: 0), in: pass)
    return blocks.map { block in
      defer { x = pass.part { block.forward(x, firstTokensOnly: false, dropouts: BaseDropouts(all: 0), in: pass) } }
      func rows(_ slot: ProjectionSlot) -> [Float] {
        let y = slot.forward(x, in: pass)
        return Array(y.toArray()[tokens.lowerBound * y.columns..<tokens.upperBound * y.columns])
      }
      return AttentionActivations(path: block.attention.path, keys: rows(block.key), values: rows(block.value))
    }
  }

  /// Returns the embeddings of the tokens, positions, and types, normalized and with dropout: `[T, D]`.
  private func embed(dropouts: BaseDropouts, in pass: Pass) -> Tensor {
    pass.byGroup { _ in
      let x = pass.embed(
        words: pass.tensor(words), positions: pass.tensor(positions), types: types.map { pass.tensor($0) },
        firstPosition: firstPosition + embeddings.positionShift(in: pass), padding: paddingID)
      return pass.dropout(pass.residualNorm(x, norm.norm), probability: dropouts.hidden)
    }
  }

  var modules: [Module] {
    var modules = [
      Module(path: embeddings.path, kind: .group, slots: [embeddings]),
      Module(path: "embeddings.word_embeddings", kind: .embedding, parameters: [words]),
      Module(path: "embeddings.position_embeddings", kind: .embedding, parameters: [positions]),
    ]
    if let types {
      modules.append(Module(path: "embeddings.token_type_embeddings", kind: .embedding, parameters: [types]))
    }
    return modules + [norm.module] + blocks.flatMap(\.modules)
  }
}
