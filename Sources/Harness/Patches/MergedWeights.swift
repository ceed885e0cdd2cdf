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
  private let keepsakes: [String: [Float]]
  private let replaced: Set<String>
  private var slots: [String: ProjectionSlot] = [:]
  private var layers: [ModulePath: Linear] = [:]

  /// Reads the folder and puts the adapters' attachments on it, which are asked what they have done.
  ///
  /// - Parameters:
  ///   - folder: The merged folder.
  ///   - adapters: Those that are in it, in their order.
  ///   - keepsakes: What their attachments kept of the base, by ``keepsakeName(_:_:)``.
  init(folder: String, adapters: [NamedAdapter], keepsakes: [String: [Float]], methods: MethodRegistry) throws {
    model = try SequenceClassifier(folder: folder, classes: nil, seed: 0)
    ids = adapters.map { AdapterID($0.name) }
    self.keepsakes = keepsakes
    for (adapter, id) in zip(adapters, ids) { try adapter.file.place(on: model, as: id, methods: methods) }
    replaced = model.base.thawedParameters(of: ids)
    for slot in model.base.modules.compactMap({ $0.slot(ProjectionSlot.self) }) {
      for parameter in [slot.base.weight, slot.base.bias] { slots[parameter.name] = slot }
    }
  }

  static func keepsakeName(_ id: AdapterID, _ path: ModulePath) -> String { "\(id)/\(path)" }

  /// A parameter's bytes in a checkpoint as they were before the merge, but for some bits.
  func guess(_ parameter: String, as type: ElementType) throws -> [UInt8] {
    guard let merged = model.base.parameters.first(where: { $0.name == parameter }) else {
      throw PatchError.badRecord(file: UndoRecord.file, reason: "there is no parameter \(quoted(parameter))")
    }
    var value = merged
    if !replaced.contains(parameter), let slot = slots[parameter] {
      let layer = try layer(of: slot)
      value = parameter == slot.base.weight.name ? layer.weight : layer.bias
    }
    return type.bytes(of: UnsafeBufferPointer(value.values))
  }

  private func layer(of slot: ProjectionSlot) throws -> Linear {
    if let known = layers[slot.path] { return known }
    let change = try slot.change(by: ids) { id, layer in
      let kept = keepsakes[Self.keepsakeName(id, slot.path)] ?? []
      // Asked of the merged layer it is another one, but as long.
      guard kept.count == layer.keepsake(of: slot.base).count else {
        throw PatchError.badRecord(file: UndoRecord.bits, reason: "what \(id) kept of \(slot.path) is missing")
      }
      return kept
    }
    let layer = change.undone(from: slot.base)
    layers[slot.path] = layer
    return layer
  }
}
