import GraftCore
import GraftSafetensors
import GraftSupport
import GraftTransformer

/// A merged folder with the adapters that are in it: knows about what the weights were before. What applying and removing share,
/// so that both find the same bits.
final class MergedWeights {
  /// The merged model; no adapter is active on it.
  let model: SequenceClassifier
  private let ids: [AdapterID]
  private let adapters: AdapterSet
  private let mergeConstants: [String: [Float]]
  private let replaced: Set<String>
  private var slots: [String: ProjectionSlot] = [:]
  private var layers: [ModulePath: Linear] = [:]

  /// Reads the folder and puts the adapters' attachments on it, which are asked what they have done.
  ///
  /// - Parameters:
  ///   - folder: The merged folder.
  ///   - adapters: Those that are in it, in their order.
  ///   - mergeConstants: What their attachments kept of the base, by ``mergeConstantsName(_:_:)``.
  init(folder: String, adapters: [NamedAdapter], mergeConstants: [String: [Float]], methods: MethodRegistry) throws {
    model = try SequenceClassifier(folder: folder, classes: nil, seed: 0)
    ids = adapters.map { AdapterID($0.name) }
    self.mergeConstants = mergeConstants
    var attached = model.adaptable.emptySet
    for (adapter, id) in zip(adapters, ids) {
      try attached.attach(adapter.file.uncheckedAdapter(for: model, as: id, methods: methods))
    }
    self.adapters = attached
    replaced = attached.thawedParameters(of: ids)
    for slot in model.adaptable.modules.compactMap({ $0.slot(ProjectionSlot.self) }) {
      for parameter in [slot.frozen.weight, slot.frozen.bias] { slots[parameter.name] = slot }
    }
  }

  static func mergeConstantsName(_ id: AdapterID, _ path: ModulePath) -> String { "\(id)/\(path)" }

  /// A parameter's bytes in a checkpoint as they were before the merge, but for some bits.
  func guess(_ parameter: String, as type: ElementType) throws -> [UInt8] {
    guard let merged = model.adaptable.parameters.first(where: { $0.name == parameter }) else {
      throw PatchError.badRecord(file: UndoRecord.file, reason: "there is no parameter \(quoted(parameter))")
    }
    var value = merged
    if !replaced.contains(parameter), let slot = slots[parameter] {
      let layer = try layer(of: slot)
      value = parameter == slot.frozen.weight.name ? layer.weight : layer.bias
    }
    return type.bytes(of: UnsafeBufferPointer(value.values))
  }

  private func layer(of slot: ProjectionSlot) throws -> Linear {
    if let known = layers[slot.path] { return known }
    let change = try adapters.change(of: slot, by: ids) { id, layer in
      let kept = mergeConstants[Self.mergeConstantsName(id, slot.path)] ?? []
      // Asked of the merged layer it is another one, but as long.
      guard kept.count == layer.mergeConstants(of: slot.frozen).count else {
        throw PatchError.badRecord(file: UndoRecord.bits, reason: "what \(id) kept of \(slot.path) is missing")
      }
      return kept
    }
    let layer = change.undone(from: slot.frozen)
    layers[slot.path] = layer
    return layer
  }
}
