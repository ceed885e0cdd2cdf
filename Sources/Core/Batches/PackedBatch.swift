/// The concatenated token ids of several sequences, without padding.
public struct PackedBatch: Sendable {
  /// The token ids, `[T]`.
  public private(set) var ids: [Int32] = []
  /// The token types (0: first text, 1: second), `[T]`.
  public private(set) var typeIDs: [Int32] = []
  /// The index of each sequence's first token, followed by `T`: `[S + 1]`.
  public private(set) var offsets: [Int] = [0]
  /// The group of each sequence, `[S]`, in ascending order: the sequences of one group use the same adapters.
  public private(set) var groups: [Int] = []
  /// The index of the first token within the whole batch, of which this may be a part.
  public private(set) var firstToken = 0
  /// The index of the first sequence within the whole batch.
  public private(set) var firstSequence = 0

  /// Creates an empty batch.
  public init() {}

  /// The number of tokens, T.
  public var tokenCount: Int { ids.count }
  /// The number of sequences, S.
  public var sequenceCount: Int { offsets.count - 1 }

  /// Appends a sequence of at least one token, in the group of the last sequence or a later group.
  public mutating func append(ids: [Int32], typeIDs: [Int32], group: Int = 0) {
    precondition(!ids.isEmpty && ids.count == typeIDs.count, "a sequence must have tokens, and a type for each")
    precondition(group >= groups.last ?? 0, "the sequences of a group must be consecutive")
    groups.append(group)
    self.ids += ids
    self.typeIDs += typeIDs
    offsets.append(self.ids.count)
  }

  /// Splits the sequences into at most `count` parts with about the same number of tokens, in order. No part is empty.
  public func split(into count: Int) -> [PackedBatch] {
    var parts: [PackedBatch] = []
    var next = 0
    for part in 0..<count where next < sequenceCount {
      let target = tokenCount * (part + 1) / count
      var end = next + 1
      // A sequence belongs to the part that contains its midpoint.
      while end < sequenceCount, (offsets[end] + offsets[end + 1]) / 2 <= target { end += 1 }
      if part == count - 1 { end = sequenceCount }
      parts.append(self[next..<end])
      next = end
    }
    return parts
  }

  /// A range of the sequences, which keep their indices within the whole batch.
  subscript(range: Range<Int>) -> PackedBatch {
    let tokens = offsets[range.lowerBound]..<offsets[range.upperBound]
    var part = PackedBatch()
    part.ids = Array(ids[tokens])
    part.typeIDs = Array(typeIDs[tokens])
    part.offsets = offsets[range.lowerBound...range.upperBound].map { $0 - tokens.lowerBound }
    part.groups = Array(groups[range])
    part.firstToken = firstToken + tokens.lowerBound
    part.firstSequence = firstSequence + range.lowerBound
    return part
  }
}
