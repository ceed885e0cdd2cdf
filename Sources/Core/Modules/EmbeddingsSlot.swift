/// The slot of the token, position, and type embeddings.
public final class EmbeddingsSlot: Slot<any EmbeddingsAttachment>, AnySlot, @unchecked Sendable {
  /// `embeddings`
  public static let kind = "embeddings"

  /// Returns the offset that active adapters add to the positions.
  public func positionShift(in pass: Pass) -> Int {
    var shift = 0
    forEachActive(in: pass) { shift += $1.positionShift }
    return shift
  }
}

/// A method's change to the embeddings.
public protocol EmbeddingsAttachment: Sendable {
  /// The offset that is added to every position; it shortens the longest possible sequence by the same number.
  var positionShift: Int { get }
}
