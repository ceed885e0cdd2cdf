import GraftAdapterFiles
import GraftSupport

extension LoadedAdapter {
  /// The result of a verification.
  public struct Verification: Codable, Sendable {
    /// The base's name.
    public let base: String
    /// The hash of the base's tensors.
    public let baseIdentity: String
    /// The largest difference between the stored and the current logits.
    public let probeDifference: Float
    /// The largest allowed difference.
    public let tolerance: Float
    /// Whether the base alone returns bit-identical logits for the probe before attaching and after removing the adapter.
    public let answersRestored: Bool
    /// Whether the hash of the base's tensors is unchanged.
    public let baseUntouched: Bool

    /// Returns the verification as one JSON object.
    public func json() throws -> String { try snakeCaseJSON(self) }
  }

  /// Computes the probe without the adapter, with the adapter read again from its file, and without it again.
  ///
  /// Works on a copy of the set of adapters, so concurrent predictions are not affected.
  ///
  /// - Throws: `AdapterError.unknown` if the adapter has been removed, or `AdapterError.merged` if it is merged into the base.
  public func verify() throws -> Verification {
    var adapters = try attachedSet()
    return try base.workers.lend { workers in
      let model = base.model
      let probe = file.metadata.probe
      try adapters.remove(id)
      let before = probe.logits(of: model, try adapters.bindings(active: []), workers: workers)
      let loaded = try file.adapter(for: base, as: id, methods: methods, workers: workers)
      try adapters.attach(loaded)
      let difference = probe.difference(of: model, with: loaded, workers: workers)
      try adapters.remove(id)
      let after = probe.logits(of: model, try adapters.bindings(active: []), workers: workers)
      let untouched = BaseIdentity.hash(of: model) == base.identity.model
      return Verification(
        base: base.name, baseIdentity: base.identity.model, probeDifference: difference, tolerance: probe.tolerance,
        answersRestored: bits(before) == bits(after), baseUntouched: untouched)
    }
  }

  private func bits(_ logits: [[Float]]) -> [[UInt32]] { logits.map { $0.map(\.bitPattern) } }
}
