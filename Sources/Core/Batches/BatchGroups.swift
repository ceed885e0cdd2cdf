/// The sequences of a batch, divided into groups that different adapters process; usually there is one group.
///
/// A class, because `batch` and `bindings` are read while ``forEach(_:)`` visits the groups.
final class BatchGroups {
  /// The sequences to work on: the whole batch, or one group within ``forEach(_:)``.
  private(set) var batch = PackedBatch()
  /// The bindings of the current group; of the first one outside ``forEach(_:)``.
  private(set) var bindings = ParameterBindings()
  /// Whether `batch` has sequences of different groups.
  private(set) var isMixed = false
  private var groups = [ParameterBindings()]

  /// Begins with a new batch.
  func begin(_ batch: PackedBatch, groups: [ParameterBindings]) {
    precondition(batch.groups.last ?? 0 < groups.count, "a group without bindings")
    self.batch = batch
    self.groups = groups
    isMixed = batch.groups.first != batch.groups.last
    bindings = groups[batch.groups.first ?? 0]
  }

  /// Whether a layer is the same, with the same parameter values, for all groups of the batch.
  func agree(on layer: (ParameterBindings) -> Linear) -> Bool {
    let layers = Set(
      groups[(batch.groups.first ?? 0)...(batch.groups.last ?? 0)].map { bindings in
        let layer = layer(bindings)
        return layer.parameters.map { ObjectIdentifier(bindings.resolve($0)) }
      })
    return layers.count == 1
  }

  /// Calls `body` for each group; within it, `batch` and `bindings` are those of the group.
  func forEach<Result>(_ body: (RowsOfGroup) -> Result) -> [Result] {
    guard isMixed else { return [body(RowsOfGroup(part: nil))] }
    let whole = batch
    let first = bindings
    defer {
      batch = whole
      bindings = first
      isMixed = true
    }
    isMixed = false
    var results: [Result] = []
    var start = 0
    while start < whole.sequenceCount {
      let group = whole.groups[start]
      let end = start + whole.groups[start...].prefix { $0 == group }.count
      batch = whole[start..<end]
      bindings = groups[group]
      let tokens = whole.offsets[start]..<whole.offsets[end]
      results.append(body(RowsOfGroup(part: (tokens, start..<end, whole.tokenCount))))
      start = end
    }
    return results
  }
}

/// The rows of one group's sequences within a mixed batch.
public struct RowsOfGroup {
  /// The group's tokens and sequences, and the number of tokens in the whole batch; `nil` if the group is the whole batch.
  let part: (tokens: Range<Int>, sequences: Range<Int>, allTokens: Int)?

  /// The group's rows of a tensor that has one row for each token, or for each sequence, of the batch.
  public func of(_ x: Tensor) -> Tensor {
    guard let part else { return x }
    return x[x.rows == part.allTokens ? part.tokens : part.sequences]
  }
}
