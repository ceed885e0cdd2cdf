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

  /// Computes the probe's logits without the adapter, with it, and again after removing it. At the end the adapter is attached
  /// again.
  ///
  /// - Throws: `AdapterFileError` if the adapter can't be attached again, for example because the file has changed.
  public func verify() throws -> Verification {
    try base.workers.lend { workers in
      let model = base.model
      let probe = file.metadata.probe
      try model.adaptable.remove(id)
      let before = probe.currentLogits(of: model, active: [], workers: workers)
      try file.attach(to: base, as: id, methods: methods, workers: workers)
      let difference = probe.difference(on: model, with: id, workers: workers)
      try model.adaptable.remove(id)
      let after = probe.currentLogits(of: model, active: [], workers: workers)
      let untouched = BaseIdentity.hash(of: model) == base.identity.model
      try file.attach(to: base, as: id, methods: methods, workers: workers)
      return Verification(
        base: base.name, baseIdentity: base.identity.model, probeDifference: difference, tolerance: probe.tolerance,
        answersRestored: bits(before) == bits(after), baseUntouched: untouched)
    }
  }

  private func bits(_ logits: [[Float]]) -> [[UInt32]] { logits.map { $0.map(\.bitPattern) } }
}
