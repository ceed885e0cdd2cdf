/// A frozen pretrained model to which adapters can be attached: its modules by path, its parameters, and its adapters.
///
/// Adapters can be added and removed in any order; the base never changes by a single bit. Many workers may read a model at once,
/// but its adapters must be changed only while no pass runs.
public final class AdaptableModel: @unchecked Sendable {
  /// Every module, outer before inner, in the order of the forward pass.
  public let modules: [Module]
  /// The parameters of the task head. Every adapter trains its own copy.
  public let head: [Parameter]
  /// The adapters in the order in which they were added.
  public private(set) var adapters: [Adapter] = []
  private var merged = Set<AdapterID>()

  /// Creates a model without adapters.
  public init(modules: [Module], head: [Parameter]) {
    self.modules = modules
    self.head = head
  }

  /// All parameters of the base, including the head.
  public var parameters: [Parameter] { modules.flatMap(\.parameters) }
  /// The number of values in the base, including one head.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

  /// Adds an adapter of a method: plans it first, and changes the model only if the whole plan is possible.
  ///
  /// - Parameters:
  ///   - method: The method of the adapter.
  ///   - id: The name of the adapter on this model.
  ///   - seed: The seed of the initial values; `nil` leaves them zero, to be loaded from a file.
  ///   - replacements: Parameters to use instead of copies of base parameters, such as a head for different classes.
  ///   - carried: The names of further base parameters for which the adapter gets its own values.
  ///   - planHead: Plans a head with a different structure; `nil` thaws the base's head.
  /// - Throws: ``AdapterError/duplicate(_:)``, ``AdapterError/noParameter(_:)``, ``SelectorError``, or an error of the method.
  ///   The model is unchanged then.
  @discardableResult
  public func inject(
    _ method: any ParameterEfficientMethod, as id: AdapterID, seed: UInt64?,
    head replacements: [(original: Parameter, replacement: Parameter)] = [], carrying carried: [String] = [],
    planHead: ((inout InjectionPlan) -> Void)? = nil
  ) throws -> Adapter {
    let adapter = try detached(
      method, as: id, seed: seed, head: replacements, carrying: carried, planHead: planHead)
    try attach(adapter)
    return adapter
  }

  /// Attaches a detached adapter.
  ///
  /// - Throws: ``AdapterError/duplicate(_:)``.
  package func attach(_ adapter: Adapter) throws {
    guard self.adapter(adapter.id) == nil else { throw AdapterError.duplicate(adapter.id) }
    adapters.append(adapter)
    for attached in adapter.attachments { attached.attach(adapter.id) }
  }

  /// Returns the adapter that ``inject(_:as:seed:head:carrying:planHead:)`` would add, without attaching it.
  ///
  /// - Throws: ``AdapterError/noParameter(_:)``, ``SelectorError``, or an error of the method.
  package func detached(
    _ method: any ParameterEfficientMethod, as id: AdapterID, seed: UInt64?,
    head replacements: [(original: Parameter, replacement: Parameter)] = [], carrying carried: [String] = [],
    planHead: ((inout InjectionPlan) -> Void)? = nil
  ) throws -> Adapter {
    var plan = InjectionPlan(model: self, seed: seed)
    try method.plan(&plan)
    let byMethod = plan.thawedParameters
    for (original, replacement) in replacements { plan.thaw(original, as: replacement) }
    let headIDs = Set(head.map(ObjectIdentifier.init))
    if !carried.isEmpty {
      let known = Dictionary(parameters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
      for name in carried {
        guard let parameter = known[name], !headIDs.contains(ObjectIdentifier(parameter)) else {
          throw AdapterError.noParameter(name)
        }
        plan.thaw(parameter)
      }
    }
    let further = plan.thawedParameters.subtracting(byMethod).subtracting(headIDs)
    if let planHead { planHead(&plan) } else { for parameter in head { plan.thaw(parameter) } }
    return plan.finish(
      as: id, by: method,
      carried: further.isEmpty ? [] : parameters.filter { further.contains(ObjectIdentifier($0)) }.map(\.name))
  }

  /// Returns a name that no adapter on this model has: `name`, `name 2`, and so on.
  package func unusedID(like name: String) -> AdapterID {
    var id = AdapterID(name)
    var number = 1
    while adapter(id) != nil {
      number += 1
      id = AdapterID("\(name) \(number)")
    }
    return id
  }

  /// Removes an adapter by dropping its attachments and parameters.
  ///
  /// - Throws: ``AdapterError/unknown(_:known:)``, or ``AdapterError/merged(_:)`` if it must be unmerged first.
  public func remove(_ id: AdapterID) throws {
    let adapter = try known(id)
    guard !merged.contains(id) else { throw AdapterError.merged(id) }
    adapters.removeAll { $0.id == id }
    for attached in adapter.attachments { attached.slot.removeAttachments(of: id) }
  }

  /// Merges an adapter's attachments into copies of the weights, so that it adds no cost to a pass. The originals are kept.
  ///
  /// - Throws: ``AdapterError`` if the adapter is unknown or already merged, or if its method can't be merged.
  public func merge(_ id: AdapterID) throws {
    let adapter = try known(id)
    guard !merged.contains(id) else { throw AdapterError.merged(id) }
    if let unmergeable = adapter.attachments.first(where: { !$0.merges }) {
      throw AdapterError.cannotMerge(id, method: type(of: adapter.method).title, path: unmergeable.slot.path)
    }
    merged.insert(id)
    remerge(affectedBy: adapter)
  }

  /// Drops the merged copies that contain an adapter. The adapter stays attached, and the logits are bit-identical to those
  /// before the merge.
  ///
  /// - Throws: ``AdapterError`` if the adapter is unknown or not merged.
  public func unmerge(_ id: AdapterID) throws {
    let adapter = try known(id)
    guard merged.remove(id) != nil else { throw AdapterError.notMerged(id) }
    remerge(affectedBy: adapter)
  }

  /// Returns the adapter with a name, or `nil`.
  public func adapter(_ id: AdapterID) -> Adapter? { adapters.first { $0.id == id } }

  /// Returns the parameters for a pass, with gradients for the adapter that trains, if any.
  ///
  /// - Parameters:
  ///   - adapter: The adapter to train, or `nil`.
  ///   - active: The active adapters, stacked in this order; `nil` means all adapters, in the order in which they were added.
  ///     This way, passes over one model can use different adapters without any switching.
  public func bindings(training adapter: Adapter? = nil, active: [AdapterID]? = nil) -> ParameterBindings {
    precondition(adapter.map { !merged.contains($0.id) } ?? true, "a merged adapter can't be trained: unmerge it first")
    // If two adapters thawed the same parameter, such as the head, the later one is used; the trained adapter is last.
    let present = active.map { $0.compactMap(self.adapter) } ?? adapters
    let ordered = present.filter { $0 !== adapter } + (adapter.map { [$0] } ?? [])
    return ParameterBindings(
      replacements: ordered.flatMap(\.thawed), trained: adapter?.parameters ?? [], active: active,
      headAdapter: ordered.last?.id)
  }

  /// Returns the base parameters whose values differ under some merged adapters, with those values.
  package func mergedParameters(under ids: [AdapterID]) -> [(original: Parameter, value: Parameter)] {
    let bindings = bindings(active: ids)
    var merged: [ObjectIdentifier: Parameter] = [:]
    for slot in modules.compactMap({ $0.slot(ProjectionSlot.self) }) {
      let layer = slot.layer(under: bindings)
      if layer.weight !== slot.frozen.weight { merged[ObjectIdentifier(slot.frozen.weight)] = layer.weight }
      if layer.bias !== slot.frozen.bias { merged[ObjectIdentifier(slot.frozen.bias)] = layer.bias }
    }
    return parameters.compactMap { parameter in
      let value = merged[ObjectIdentifier(parameter)] ?? bindings.resolve(parameter)
      guard value !== parameter,
        value.shape != parameter.shape
          || !value.values.elementsEqual(
            parameter.values,
            by: {
              $0.bitPattern == $1.bitPattern
            })
      else { return nil }
      return (parameter, value)
    }
  }

  /// Returns the names of the base parameters for which adapters have their own values.
  package func thawedParameters(of ids: [AdapterID]) -> Set<String> {
    Set(ids.compactMap { adapter($0) }.flatMap { $0.thawed.map(\.original.name) })
  }

  /// Recomputes the merged weights that an adapter affects by its attachments or its thawed parameters.
  private func remerge(affectedBy adapter: Adapter) {
    let attached = Set(adapter.attachments.map { ObjectIdentifier($0.slot) })
    let thawed = Set(adapter.thawed.map { ObjectIdentifier($0.original) })
    let ids = adapters.map(\.id).filter(merged.contains)
    for slot in modules.compactMap({ $0.slot(ProjectionSlot.self) }) {
      guard
        attached.contains(ObjectIdentifier(slot)) || thawed.contains(ObjectIdentifier(slot.frozen.weight))
          || thawed.contains(ObjectIdentifier(slot.frozen.bias))
      else { continue }
      slot.merge(merged, over: original(of: slot, under: ids))
    }
  }

  /// Returns the layer into which adapters are merged: the projection's frozen layer, or the one that an adapter replaces it
  /// with.
  package func original(of slot: ProjectionSlot, under ids: [AdapterID]) -> Linear {
    let bindings = bindings(active: ids)
    return Linear(
      weight: bindings.resolve(slot.frozen.weight), bias: bindings.resolve(slot.frozen.bias),
      products: slot.frozen.products)
  }

  func known(_ id: AdapterID) throws -> Adapter {
    guard let adapter = adapter(id) else { throw AdapterError.unknown(id, known: adapters.map(\.id)) }
    return adapter
  }
}
