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
    for slot in modules.compactMap({ $0.slot(ProjectionSlot.self) }) {
      let layer = slot.layer(under: bindings)
      if layer.weight !== slot.frozen.weight { merged[ObjectIdentifier(slot.frozen.weight)] = layer.weight }
      if layer.bias !== slot.frozen.bias { merged[ObjectIdentifier(slot.frozen.bias)] = layer.bias }
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
    return Linear(
      weight: bindings.resolve(slot.frozen.weight), bias: bindings.resolve(slot.frozen.bias),
      products: slot.frozen.products)
  }

  /// The change that the attachments of some adapters make to a projection's layer.
  ///
  /// - Parameters:
  ///   - slot: The projection.
  ///   - ids: The adapters.
  ///   - mergeConstants: Returns the constants of the unmerged layer that an attachment needs.
  package func change(
    of slot: ProjectionSlot, by ids: [AdapterID],
    mergeConstants: (AdapterID, any MergeableAttachment) throws -> [Float]
  ) rethrows -> LayerChange {
    var change = LayerChange(of: slot.frozen)
    for (adapter, layer) in attachments.list(of: slot, as: (any ProjectionAttachment).self) where ids.contains(adapter)
    {
      guard let layer = layer as? any MergeableAttachment else { continue }
      try layer.apply(to: &change, mergeConstants: mergeConstants(adapter, layer))
    }
    return change
  }

  /// Recomputes the merged weights that an adapter contributes to, by attachments or by parameters that it replaces.
  private mutating func remerge(whereverUsed adapter: Adapter) {
    let slots = Set(adapter.attachments.map { ObjectIdentifier($0.slot) })
    let thawed = Set(adapter.thawed.map { ObjectIdentifier($0.original) })
    for slot in modules.compactMap({ $0.slot(ProjectionSlot.self) }) {
      guard
        slots.contains(ObjectIdentifier(slot)) || thawed.contains(ObjectIdentifier(slot.frozen.weight))
          || thawed.contains(ObjectIdentifier(slot.frozen.bias))
      else { continue }
      attachments.setMerged(mergedLayer(of: slot), of: slot)
    }
  }

  private func mergedLayer(of slot: ProjectionSlot) -> MergedLayer? {
    let attached = attachments.list(of: slot, as: (any ProjectionAttachment).self).map(\.adapter)
    let ids = attached.filter(merged.contains)
    guard !ids.isEmpty else { return nil }
    let bindings = bindings(of: adapters.filter { merged.contains($0.id) }, active: nil, training: nil)
    let original = Linear(
      weight: bindings.resolve(slot.frozen.weight), bias: bindings.resolve(slot.frozen.bias),
      products: slot.frozen.products)
    let change = change(of: slot, by: ids) { $1.mergeConstants(of: original) }
    return MergedLayer(layer: change.applied(to: original), adapters: Set(ids), original: original)
  }
}

extension Parameter {
  /// Whether all values have the same bits: zeros of different signs are different, and identical NaNs are equal.
  fileprivate func hasSameBits(as other: Parameter) -> Bool {
    values.elementsEqual(other.values) { $0.bitPattern == $1.bitPattern }
  }
}
