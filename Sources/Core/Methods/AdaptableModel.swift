/// A frozen pretrained model as methods see it: its modules by path, its parameters, and the adapters that sit on it.
///
/// Adapters come and go in any order; no bit of the base ever changes. A model may be read by many workers at once, but its
/// adapters are changed only while no pass runs.
public final class AdaptableModel: @unchecked Sendable {
  /// Every module, outer before inner, in the order of the forward pass.
  public let modules: [Module]
  /// The parameters of the task head, which every adapter trains and carries.
  public let head: [Parameter]
  /// The adapters in the order in which they came.
  public private(set) var adapters: [Adapter] = []
  private var merged = Set<AdapterID>()

  /// A model without adapters.
  public init(modules: [Module], head: [Parameter]) {
    self.modules = modules
    self.head = head
  }

  /// All parameters of the base, the head among them.
  public var parameters: [Parameter] { modules.flatMap(\.parameters) }
  /// The number of values in the base with one head.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

  /// Adds an adapter made by `method`: plans first, and changes the model only when all of the plan is possible.
  ///
  /// - Parameters:
  ///   - method: What to add.
  ///   - id: Its name on this model.
  ///   - seed: Where its random draws come from; `nil` leaves zeros, for values that come from a file.
  ///   - replacements: What stands for parameters of the base in place of copies, such as a head for other classes.
  ///   - carried: Names of further parameters that the adapter gets its own values for.
  ///   - planHead: Plans a head of another structure; `nil`: the adapter thaws the base's.
  /// - Throws: ``AdapterError/duplicate(_:)``, ``AdapterError/noParameter(_:)``, ``SelectorError``, or what the method throws; the
  ///   model is untouched then.
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

  /// The adapter that ``inject(_:as:seed:head:carrying:planHead:)`` would add, attached to nothing: the model does not change.
  ///
  /// - Throws: ``AdapterError/noParameter(_:)``, ``SelectorError``, or what the method throws.
  package func detached(
    _ method: any ParameterEfficientMethod, as id: AdapterID, seed: UInt64?,
    head replacements: [(original: Parameter, replacement: Parameter)] = [], carrying carried: [String] = [],
    planHead: ((inout InjectionPlan) -> Void)? = nil
  ) throws -> Adapter {
    var plan = InjectionPlan(model: self, seed: seed)
    try method.plan(&plan)
    let byMethod = plan.thawedParameters
    for (original, replacement) in replacements { plan.thaw(original, as: replacement) }
    let own = Set(head.map(ObjectIdentifier.init))
    if !carried.isEmpty {
      let known = Dictionary(parameters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
      for name in carried {
        guard let parameter = known[name], !own.contains(ObjectIdentifier(parameter)) else {
          throw AdapterError.noParameter(name)
        }
        plan.thaw(parameter)
      }
    }
    let further = plan.thawedParameters.subtracting(byMethod).subtracting(own)
    if let planHead { planHead(&plan) } else { for parameter in head { plan.thaw(parameter) } }
    return plan.finish(
      as: id, by: method,
      carried: further.isEmpty ? [] : parameters.filter { further.contains(ObjectIdentifier($0)) }.map(\.name))
  }

  /// A name that no adapter on this model has: `name`, or `name 2` and so on.
  package func unusedID(like name: String) -> AdapterID {
    var (id, number) = (AdapterID(name), 1)
    while adapter(id) != nil {
      number += 1
      id = AdapterID("\(name) \(number)")
    }
    return id
  }

  /// Takes an adapter off: its attachments and values are dropped, and that is all.
  ///
  /// - Throws: ``AdapterError/unknown(_:known:)``, or ``AdapterError/merged(_:)`` when it must be unmerged first.
  public func remove(_ id: AdapterID) throws {
    let adapter = try known(id)
    guard !merged.contains(id) else { throw AdapterError.merged(id) }
    adapters.removeAll { $0.id == id }
    for attached in adapter.attachments { attached.slot.removeAttachments(of: id) }
  }

  /// Works an adapter's attachments into copies of the weights, so that it costs nothing to run; the originals stay.
  ///
  /// - Throws: ``AdapterError`` when it is unknown, merged already, or of a method that can't be merged.
  public func merge(_ id: AdapterID) throws {
    let adapter = try known(id)
    guard !merged.contains(id) else { throw AdapterError.merged(id) }
    if let fixed = adapter.attachments.first(where: { !$0.merges }) {
      throw AdapterError.cannotMerge(id, method: type(of: adapter.method).title, path: fixed.slot.path)
    }
    merged.insert(id)
    remerge(whereverUsed: adapter)
  }

  /// Forgets the merged copies that hold an adapter; it stays attached and answers as before to the last bit.
  ///
  /// - Throws: ``AdapterError`` when it is unknown or not merged.
  public func unmerge(_ id: AdapterID) throws {
    let adapter = try known(id)
    guard merged.remove(id) != nil else { throw AdapterError.notMerged(id) }
    remerge(whereverUsed: adapter)
  }

  /// The adapter of that name, or `nil`.
  public func adapter(_ id: AdapterID) -> Adapter? { adapters.first { $0.id == id } }

  /// What a pass takes for each parameter now, with gradients for one adapter when it trains.
  ///
  /// - Parameters:
  ///   - adapter: The one that trains, or `nil`.
  ///   - active: The adapters that take part, stacked in this order; `nil`: all that sit on the model, as they came. So one
  ///     model answers with one adapter or another, and nothing is switched.
  public func bindings(training adapter: Adapter? = nil, active: [AdapterID]? = nil) -> ParameterBindings {
    precondition(adapter.map { !merged.contains($0.id) } ?? true, "a merged adapter can't be trained: unmerge it first")
    // Where two adapters thawed one parameter, such as the head, the later one stands for it; the one that trains is last.
    let present = active.map { $0.compactMap(self.adapter) } ?? adapters
    let ordered = present.filter { $0 !== adapter } + (adapter.map { [$0] } ?? [])
    return ParameterBindings(
      replacements: ordered.flatMap(\.thawed), trained: adapter?.parameters ?? [], active: active,
      answering: ordered.last?.id)
  }

  /// The base's parameters that have other values under some merged adapters, and those values.
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

  /// The base's parameters that adapters have values of their own for.
  package func thawedParameters(of ids: [AdapterID]) -> Set<String> {
    Set(ids.compactMap { adapter($0) }.flatMap { $0.thawed.map(\.original.name) })
  }

  /// Makes the merged weights anew that an adapter has a part in, by attachment or by what it thawed.
  private func remerge(whereverUsed adapter: Adapter) {
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

  /// What merged adapters are worked into: the projection's own layer, or what one of them has in its place.
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
