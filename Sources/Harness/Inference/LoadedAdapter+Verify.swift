extension LoadedAdapter {
  /// What a verification found.
  public struct Verification: Codable, Sendable {
    /// The base's name.
    public let base: String
    /// Its hash.
    public let baseIdentity: String
    /// The largest difference between the stored logits and the answer now.
    public let probeDifference: Float
    /// What is allowed.
    public let tolerance: Float
    /// Whether the base alone answers the probe with the same bits before the adapter came and after it went.
    public let answersRestored: Bool
    /// Whether the base's tensors hash to what they did.
    public let baseUntouched: Bool

    /// One JSON object.
    public func json() throws -> String { try snakeCaseJSON(self) }
  }

  /// Takes the adapter off, asks, puts it on, asks, takes it off and asks again; it is on at the end, as before.
  public func verify() throws -> Verification {
    try base.workers.lend { workers in
      let (model, probe) = (base.model, file.metadata.probe)
      try model.adaptable.remove(id)
      let before = probe.answers(of: model, active: [], workers: workers)
      try file.attach(to: base, as: id, methods: methods, workers: workers)
      let difference = probe.difference(asking: model, with: id, workers: workers)
      try model.adaptable.remove(id)
      let after = probe.answers(of: model, active: [], workers: workers)
      let untouched = BaseIdentity.hash(of: model) == base.identity.model
      try file.attach(to: base, as: id, methods: methods, workers: workers)
      return Verification(
        base: base.name, baseIdentity: base.identity.model, probeDifference: difference, tolerance: probe.tolerance,
        answersRestored: bits(before) == bits(after), baseUntouched: untouched)
    }
  }

  private func bits(_ logits: [[Float]]) -> [[UInt32]] { logits.map { $0.map(\.bitPattern) } }
}
