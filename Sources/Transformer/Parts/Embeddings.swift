public import GraftCore

/// The sum of word, position, and type embeddings, normalized and projected to the hidden width: token IDs to `[T, D]`.
public struct Embeddings: Sendable {
  /// The place where adapters can shift the positions.
  public let slot = EmbeddingsSlot(path: "embeddings", role: .embeddings, layer: 0)
  private let words: Parameter
  private let positions: Parameter?
  private let types: Parameter?
  private let norm: NamedNorm
  private let projection: ProjectionSlot?
  private let names: Names
  private let firstPosition: Int
  private let paddingID: Int32?

  /// The paths of the tables and layers; `nil` for what a family does not have.
  public struct Names: Sendable {
    /// The table of words.
    public var words = "embeddings.word_embeddings"
    /// The table of learned positions.
    public var positions: String? = "embeddings.position_embeddings"
    /// The table of token types, used if the configuration has any.
    public var types: String? = "embeddings.token_type_embeddings"
    /// The layer norm after the sum.
    public var norm = "embeddings.LayerNorm"
    /// The projection from the width of the embeddings to the hidden width.
    public var projection: String?

    /// Creates the names that BERT uses.
    public init() {}
  }

  /// Loads the embeddings.
  ///
  /// - Parameters:
  ///   - configuration: The sizes of the model.
  ///   - names: The paths.
  ///   - width: The width of the tables, if it differs from the hidden width; `names` must then have a projection.
  ///   - normHasBias: Whether the layer norm has a bias.
  ///   - weights: The checkpoint.
  public init(
    _ configuration: EncoderConfiguration, names: Names = Names(), width: Int? = nil, normHasBias: Bool = true,
    weights: inout WeightLoader
  ) throws {
    let d = configuration.hiddenWidth
    let width = width ?? d
    self.names = names
    firstPosition = configuration.firstPosition
    paddingID = configuration.paddingID
    words = try weights.parameter("\(names.words).weight", [configuration.vocabularySize, width])
    positions = try names.positions.map { try weights.parameter("\($0).weight", [configuration.positionCount, width]) }
    types =
      configuration.typeCount == 0
      ? nil : try names.types.map { try weights.parameter("\($0).weight", [configuration.typeCount, width]) }
    norm = try weights.norm(names.norm, width: width, epsilon: configuration.epsilon, hasBias: normHasBias)
    projection = try names.projection.map {
      try weights.projection($0, role: .embeddings, layer: 0, output: d, input: width)
    }
  }

  /// Returns the embeddings of the pass's tokens with dropout, `[T, D]`.
  func forward(dropouts: BaseDropouts, in pass: Pass) -> Tensor {
    let x = pass.byGroup { _ in
      let x = pass.embed(
        words: pass.tensor(words), positions: positions.map { pass.tensor($0) }, types: types.map { pass.tensor($0) },
        firstPosition: firstPosition + slot.positionShift(in: pass), padding: paddingID)
      return pass.dropout(pass.residualNorm(x, norm.norm), probability: dropouts.hidden)
    }
    return projection?.forward(x, in: pass) ?? x
  }

  var modules: [Module] {
    let tables = [(names.words, words), (names.positions, positions), (names.types, types)]
    return [Module(path: slot.path, kind: .group, slots: [slot])]
      + tables.compactMap { path, table in
        guard let path, let table else { return nil }
        return Module(path: ModulePath(path), kind: .embedding, parameters: [table])
      } + [norm.module] + [projection].compactMap { $0.map { Module($0) } }
  }
}
