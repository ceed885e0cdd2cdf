import GraftCore
import GraftSafetensors
import GraftSupport
import GraftTransformer

/// The weights of a merged folder with its adapters, from which the original weights are recomputed approximately. Applying and
/// removing both use it, so both compute the same bits.
final class MergedWeights {
  /// The merged model; no adapter is active on it.
  let model: SequenceClassifier
  private let ids: [AdapterID]
  private let adapters: AdapterSet
  private let mergeConstants: [String: [Float]]
  private let replaced: Set<String>
  private var slots: [String: ProjectionSlot] = [:]
  private var layers: [ModulePath: Linear] = [:]

  /// Loads the folder and attaches its adapters, whose attachments compute what the merge changed.
  ///
  /// - Parameters:
  ///   - folder: The merged folder.
  ///   - adapters: The merged adapters, in the order in which they were applied.
  ///   - mergeConstants: The constants that their attachments need to undo the merge, keyed by ``mergeConstantsName(_:_:)``.
  ///   - methods: The methods that the adapter files may use.
  ///   - families: The families of encoders that the model may belong to.
  init(
    folder: String, adapters: [NamedAdapter], mergeConstants: [String: [Float]], methods: MethodRegistry,
    families: FamilyRegistry
  ) throws {
    model = try SequenceClassifier(folder: folder, classes: nil, seed: 0, families: families)
    ids = adapters.map { AdapterID($0.name) }
    self.mergeConstants = mergeConstants
    var attached = model.adaptable.emptySet
    for (adapter, id) in zip(adapters, ids) {
      try attached.attach(adapter.file.uncheckedAdapter(for: model, as: id, methods: methods))
    }
    self.adapters = attached
    replaced = attached.thawedParameters(of: ids)
    for slot in model.adaptable.modules.wholeProjections {
      for parameter in slot.frozen.parameters { slots[parameter.name] = slot }
    }
  }

  /// Returns the name under which the merge constants of an adapter's attachment to a slot are stored.
  static func mergeConstantsName(_ id: AdapterID, _ path: ModulePath) -> String { "\(id)/\(path)" }

  /// Returns a parameter's checkpoint bytes from before the merge. Some bits may differ from the original.
  func guess(_ parameter: String, as type: ElementType) throws -> [UInt8] {
    guard let merged = model.adaptable.parameters.first(where: { $0.name == parameter }) else {
      throw PatchError.badRecord(file: UndoRecord.file, reason: "there is no parameter \(quoted(parameter))")
    }
    var value = merged
    if !replaced.contains(parameter), let slot = slots[parameter] {
      let layer = try layer(of: slot)
      value = layer.parameters.first { $0.name == parameter } ?? merged
    }
    return type.bytes(of: UnsafeBufferPointer(value.values))
  }

  private func layer(of slot: ProjectionSlot) throws -> Linear {
    if let cached = layers[slot.path] { return cached }
    let change = try adapters.change(of: slot, by: ids) { slot, id, layer in
      let constants = mergeConstants[Self.mergeConstantsName(id, slot.path)] ?? []
      // The merged layer's constants have other values, but the same count.
      guard constants.count == layer.mergeConstants(of: slot.frozen).count else {
        throw PatchError.badRecord(
          file: UndoRecord.bits, reason: "the constants of \(id) for \(slot.path) are missing or incomplete")
      }
      return constants
    }
    let layer = change.undone(from: slot.frozen)
    layers[slot.path] = layer
    return layer
  }
}
