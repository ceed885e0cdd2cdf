/// Token ids of several sequences one behind the other, without padding.
public struct PackedBatch: Sendable {
  /// The tokens' ids, `[T]`.
  public private(set) var ids: [Int32] = []
  /// The tokens' types (0: first text, 1: second), `[T]`.
  public private(set) var typeIDs: [Int32] = []
  /// Where each sequence starts, and behind the last one `T`: `[S + 1]`.
  public private(set) var offsets: [Int] = [0]
  /// Which group each sequence belongs to, `[S]`: those of one group are answered by the same adapters. Never falls.
  public private(set) var groups: [Int] = []
  /// The number of the first token within the whole batch, of which this may be a part.
  public private(set) var firstToken = 0
  /// The number of the first sequence within the whole batch.
  public private(set) var firstSequence = 0

  /// A batch without sequences.
  public init() {}

  /// The number of tokens, T.
  public var tokenCount: Int { ids.count }
  /// The number of sequences, S.
  public var sequenceCount: Int { offsets.count - 1 }

  /// Adds one sequence of at least one token, to the last one's group or a later one.
  public mutating func append(ids: [Int32], typeIDs: [Int32], group: Int = 0) {
    precondition(!ids.isEmpty && ids.count == typeIDs.count, "a sequence has tokens, and a type for each")
    precondition(group >= groups.last ?? 0, "the sequences of a group lie side by side")
    groups.append(group)
    self.ids += ids
    self.typeIDs += typeIDs
    offsets.append(self.ids.count)
  }

  /// The sequences cut into at most `count` parts of about equal numbers of tokens, in order. Parts are never empty.
  public func split(into count: Int) -> [PackedBatch] {
    var parts: [PackedBatch] = []
    var next = 0
    for part in 0..<count where next < sequenceCount {
      let target = tokenCount * (part + 1) / count
      var end = next + 1
      // A sequence belongs to the part that holds its middle.
      while end < sequenceCount, (offsets[end] + offsets[end + 1]) / 2 <= target { end += 1 }
      if part == count - 1 { end = sequenceCount }
      parts.append(self[next..<end])
      next = end
    }
    return parts
  }

  /// Some of the sequences; they keep their numbers within the whole.
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
