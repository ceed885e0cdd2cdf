/// The layers that adapters have attached to a model's slots, and the weights into which some of them were merged. Slots are
/// keyed by identity.
///
/// A pass keeps the table that it began with, even if adapters are attached or removed meanwhile.
struct AttachmentTable: Sendable {
  private var lists: [ObjectIdentifier: any AnyObject & Sendable] = [:]
  private var mergedLayers: [ObjectIdentifier: MergedLayer] = [:]

  /// Returns the attachments of a slot, in the order in which they were attached.
  func list<Layer: Sendable>(of slot: AnyObject, as: Layer.Type = Layer.self) -> [(adapter: AdapterID, layer: Layer)] {
    (lists[ObjectIdentifier(slot)] as? AttachmentList<Layer>)?.entries ?? []
  }

  /// Attaches `layer` to a slot, after its existing attachments.
  mutating func append<Layer: Sendable>(_ layer: Layer, to slot: AnyObject, by adapter: AdapterID) {
    lists[ObjectIdentifier(slot)] = AttachmentList(entries: list(of: slot) + [(adapter, layer)])
  }

  /// Removes what an adapter has attached to a slot.
  mutating func remove<Layer: Sendable>(_: Layer.Type, from slot: AnyObject, by adapter: AdapterID) {
    let rest = list(of: slot, as: Layer.self).filter { $0.adapter != adapter }
    lists[ObjectIdentifier(slot)] = rest.isEmpty ? nil : AttachmentList(entries: rest)
  }

  /// The merged weights of a slot, if adapters are merged there.
  func merged(_ slot: AnyObject) -> MergedLayer? { mergedLayers.isEmpty ? nil : mergedLayers[ObjectIdentifier(slot)] }

  /// Sets the merged weights of a slot.
  mutating func setMerged(_ layer: MergedLayer?, of slot: AnyObject) { mergedLayers[ObjectIdentifier(slot)] = layer }
}

/// The attachments of one slot.
private final class AttachmentList<Layer: Sendable>: Sendable {
  let entries: [(adapter: AdapterID, layer: Layer)]

  init(entries: [(adapter: AdapterID, layer: Layer)]) { self.entries = entries }
}

/// A projection's weights with adapters merged into a copy; the original stays as it is.
struct MergedLayer: Sendable {
  /// The merged copy.
  let layer: Linear
  /// The adapters that are merged.
  let adapters: Set<AdapterID>
  /// The weights that they were merged into: the model's own, or those of a merged adapter that replaces them.
  let original: Linear
}
