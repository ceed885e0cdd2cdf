/// The embeddings of tokens, positions and types.
public final class EmbeddingsSlot: Slot<any EmbeddingsAttachment>, AnySlot, @unchecked Sendable {
  /// `embeddings`
  public static let kind = "embeddings"

  /// How far active adapters move the positions.
  public func positionShift(in pass: Pass) -> Int {
    var shift = 0
    forEachActive(in: pass) { shift += $1.positionShift }
    return shift
  }
}

/// What a method changes about the embeddings.
public protocol EmbeddingsAttachment: Sendable {
  /// The number that is added to every position; the longest sequence is shorter by it.
  var positionShift: Int { get }
}
