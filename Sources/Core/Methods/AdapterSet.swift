/// The adapters that are attached to a model at one point in time.
///
/// A value: changing a copy changes nothing else. ``AdaptableModel`` holds the current set; a prediction or a merge works on the
/// set that it began with.
public struct AdapterSet: Sendable {
  /// The adapters in the order in which they were attached.
  public private(set) var adapters: [Adapter] = []
  private let modules: [Module]
  private var merged = Set<AdapterID>()
  private var attachments = AttachmentTable()

  /// A set without adapters, for a model of these modules.
  init(modules: [Module]) { self.modules = modules }

  /// A set of adapters with different names, for a model of these modules.
  init(modules: [Module], adapters: [Adapter]) {
    self.modules = modules
    for adapter in adapters { insert(adapter) }
  }

  /// The adapter with this name, or `nil`.
  public func adapter(_ id: AdapterID) -> Adapter? { adapters.first { $0.id == id } }

  /// Attaches an adapter that was planned for the same model.
  ///
  /// - Throws: ``AdapterError/duplicate(_:)``.
  package mutating func attach(_ adapter: Adapter) throws {
    guard self.adapter(adapter.id) == nil else { throw AdapterError.duplicate(adapter.id) }
    insert(adapter)
  }

  private mutating func insert(_ adapter: Adapter) {
    adapters.append(adapter)
    for attachment in adapter.attachments { attachment.append(&attachments, adapter.id) }
  }

  /// Removes an adapter by dropping its attachments and parameters.
  ///
  /// - Throws: ``AdapterError/unknown(_:known:)``, or ``AdapterError/merged(_:)`` if it must be unmerged first.
  package mutating func remove(_ id: AdapterID) throws {
    let adapter = try attached(id)
    guard !merged.contains(id) else { throw AdapterError.merged(id) }
    adapters.removeAll { $0.id == id }
    for attachment in adapter.attachments { attachment.remove(&attachments, id) }
  }

  /// Merges an adapter's attachments into copies of the weights, so that it costs nothing at inference.
  ///
  /// - Throws: ``AdapterError`` if the adapter is unknown, already merged, or of a method that can't be merged.
  package mutating func merge(_ id: AdapterID) throws {
    let adapter = try attached(id)
    guard !merged.contains(id) else { throw AdapterError.merged(id) }
    if let fixed = adapter.attachments.first(where: { !$0.merges }) {
      throw AdapterError.cannotMerge(id, method: type(of: adapter.method).title, path: fixed.slot.path)
    }
    merged.insert(id)
    remerge(whereverUsed: adapter)
  }

  /// Drops the merged copies that contain an adapter; it stays attached.
  ///
  /// - Throws: ``AdapterError`` if the adapter is unknown or not merged.
  package mutating func unmerge(_ id: AdapterID) throws {
    let adapter = try attached(id)
    guard merged.remove(id) != nil else { throw AdapterError.notMerged(id) }
    remerge(whereverUsed: adapter)
  }

  /// The bindings of a pass with all adapters active, in the order in which they were attached.
  ///
  /// - Parameter trained: The adapter that gets gradients; it is then the last one. `nil` if none trains.
  public func bindings(training trained: Adapter? = nil) -> ParameterBindings {
    precondition(trained.map { !merged.contains($0.id) } ?? true, "a merged adapter can't be trained: unmerge it first")
    // If two adapters replace one parameter, such as the head, the later replacement is used; the trained one is the last.
    return bindings(
      of: adapters.filter { $0 !== trained } + (trained.map { [$0] } ?? []), active: nil, training: trained)
  }

  /// The bindings of a pass with some adapters active, stacked in this order.
  ///
  /// - Throws: ``AdapterError/unknown(_:known:)`` if one of them is not attached.
  public func bindings(active: [AdapterID]) throws -> ParameterBindings {
    bindings(activeInOrder: try active.map(attached))
  }

  func bindings(activeInOrder adapters: [Adapter]) -> ParameterBindings {
    bindings(of: adapters, active: adapters.map(\.id), training: nil)
  }

  private func bindings(of adapters: [Adapter], active: [AdapterID]?, training trained: Adapter?) -> ParameterBindings {
    ParameterBindings(
      replacements: adapters.flatMap(\.thawed), trained: trained?.parameters ?? [], active: active,
      headAdapter: adapters.last?.id, attachments: attachments)
  }

  /// The adapter with this name.
  ///
  /// - Throws: ``AdapterError/unknown(_:known:)``.
  package func attached(_ id: AdapterID) throws -> Adapter {
    guard let adapter = adapter(id) else { throw AdapterError.unknown(id, known: adapters.map(\.id)) }
    return adapter
  }

  /// Checks that this adapter is attached, and not another one with the same name.
  ///
  /// - Throws: ``AdapterError/unknown(_:known:)``.
  package func require(_ adapter: Adapter) throws {
    guard adapters.contains(where: { $0 === adapter }) else {
      throw AdapterError.unknown(adapter.id, known: adapters.filter { $0.id != adapter.id }.map(\.id))
    }
  }
}

// MARK: Merged weights

extension AdapterSet {
  /// Returns the base's parameters that merging some adapters changes, with their merged values.
  package func mergedParameters(under ids: [AdapterID]) throws -> [(original: Parameter, value: Parameter)] {
    let bindings = try bindings(active: ids)
    var merged: [ObjectIdentifier: Parameter] = [:]
    for slot in modules.wholeProjections {
      let layer = slot.layer(under: bindings)
      for (original, value) in zip(slot.frozen.parameters, layer.parameters) where value !== original {
        merged[ObjectIdentifier(original)] = value
      }
    }
    return modules.flatMap(\.parameters).compactMap { parameter in
      let value = merged[ObjectIdentifier(parameter)] ?? bindings.resolve(parameter)
      guard value !== parameter, value.shape != parameter.shape || !value.hasSameBits(as: parameter) else { return nil }
      return (parameter, value)
    }
  }

  /// The names of the base's parameters that adapters replace.
  package func thawedParameters(of ids: [AdapterID]) -> Set<String> {
    Set(ids.compactMap { adapter($0) }.flatMap { $0.thawed.map(\.original.name) })
  }

  /// The layer that adapters are merged into: the projection's own, or the replacement by one of them.
  package func original(of slot: ProjectionSlot, under ids: [AdapterID]) throws -> Linear {
    let bindings = try bindings(active: ids)
    return bindings.resolve(slot.frozen)
  }

  /// The change that the attachments of some adapters make to a projection's layer, including those to ranges of its outputs.
  ///
  /// - Parameters:
  ///   - slot: The projection, which is not itself a range of another one.
  ///   - ids: The adapters.
  ///   - mergeConstants: Returns the constants of the unmerged layer that an attachment to one of its slots needs.
  package func change(
    of slot: ProjectionSlot, by ids: [AdapterID],
    mergeConstants: (ProjectionSlot, AdapterID, any MergeableAttachment) throws -> [Float]
  ) rethrows -> LayerChange {
    var change = LayerChange(of: slot.frozen)
    for slot in [slot] + modules.ranges(of: slot) {
      try change.change(slot.outputs, of: slot.frozen) { change in
        for (adapter, layer) in mergeable(in: slot) where ids.contains(adapter) {
          try layer.apply(to: &change, mergeConstants: mergeConstants(slot, adapter, layer))
        }
      }
    }
    return change
  }

  /// The attachments of a slot that can be merged, in the order in which they were attached.
  private func mergeable(in slot: ProjectionSlot) -> [(adapter: AdapterID, layer: any MergeableAttachment)] {
    attachments.list(of: slot, as: (any ProjectionAttachment).self).compactMap { adapter, layer in
      (layer as? any MergeableAttachment).map { (adapter, $0) }
    }
  }

  /// Recomputes the merged weights that an adapter contributes to, by attachments or by parameters that it replaces.
  private mutating func remerge(whereverUsed adapter: Adapter) {
    let slots = Set(adapter.attachments.map { ObjectIdentifier($0.slot) })
    let thawed = Set(adapter.thawed.map { ObjectIdentifier($0.original) })
    for slot in modules.wholeProjections {
      guard
        ([slot] + modules.ranges(of: slot)).contains(where: { slots.contains(ObjectIdentifier($0)) })
          || slot.frozen.parameters.contains(where: { thawed.contains(ObjectIdentifier($0)) })
      else { continue }
      attachments.setMerged(mergedLayer(of: slot), of: slot)
    }
  }

  private func mergedLayer(of slot: ProjectionSlot) -> MergedLayer? {
    let attached = ([slot] + modules.ranges(of: slot)).flatMap { mergeable(in: $0).map(\.adapter) }
    let ids = attached.filter(merged.contains)
    guard !ids.isEmpty else { return nil }
    let bindings = bindings(of: adapters.filter { merged.contains($0.id) }, active: nil, training: nil)
    let original = bindings.resolve(slot.frozen)
    let change = change(of: slot, by: ids) { slot, _, layer in
      layer.mergeConstants(of: slot.fused == nil ? original : bindings.resolve(slot.frozen))
    }
    return MergedLayer(layer: change.applied(to: original), adapters: Set(ids), original: original)
  }
}

extension Parameter {
  /// Whether all values have the same bits: zeros of different signs are different, and identical NaNs are equal.
  fileprivate func hasSameBits(as other: Parameter) -> Bool {
    values.elementsEqual(other.values) { $0.bitPattern == $1.bitPattern }
  }
}
