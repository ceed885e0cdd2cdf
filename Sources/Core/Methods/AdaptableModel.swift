import Synchronization

/// A frozen pretrained model as methods see it: its modules by path, its parameters, and the adapters that are attached.
///
/// Adapters can be attached and removed in any order, from any thread, while other threads predict: a pass keeps the
/// ``AdapterSet`` that it began with. No bit of the base ever changes.
public final class AdaptableModel: Sendable {
  /// Every module, outer before inner, in the order of the forward pass.
  public let modules: [Module]
  /// The parameters of the task head, which every adapter trains and stores.
  public let head: [Parameter]
  private let current: Mutex<AdapterSet>
  /// Held while a change is computed, so that changes happen one at a time and readers don't wait for them.
  private let changes = Mutex(())

  /// Creates a model without adapters.
  public init(modules: [Module], head: [Parameter]) {
    self.modules = modules
    self.head = head
    current = Mutex(AdapterSet(modules: modules))
  }

  /// The adapters that are attached now, as a value that later changes don't affect.
  public var adapterSet: AdapterSet { current.withLock { $0 } }

  /// The adapters in the order in which they were attached.
  public var adapters: [Adapter] { adapterSet.adapters }

  /// The adapter with this name, or `nil`.
  public func adapter(_ id: AdapterID) -> Adapter? { adapterSet.adapter(id) }

  /// All parameters of the base, including the head.
  public var parameters: [Parameter] { modules.flatMap(\.parameters) }
  /// The number of values in the base, including one head.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

  // MARK: Changes

  /// Adds an adapter: plans first, and changes the model only if the whole plan is possible.
  ///
  /// - Parameters:
  ///   - method: The method.
  ///   - id: The adapter's name on this model.
  ///   - seed: The seed of its random initial values; `nil` leaves zeros, for values that come from a file.
  ///   - replacements: Base parameters, each with the parameter to train in its place, such as a head for different classes.
  ///     Other thawed parameters start as copies.
  ///   - carried: Names of further base parameters that the adapter replaces.
  ///   - planHead: Plans a head with a different structure; `nil` thaws the base's head.
  /// - Throws: ``AdapterError/duplicate(_:)``, ``AdapterError/noParameter(_:)``, ``SelectorError``, or what the method throws; the
  ///   model is then unchanged.
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

  /// Attaches an adapter that ``detached(_:as:seed:head:carrying:planHead:)`` has planned.
  ///
  /// - Throws: ``AdapterError/duplicate(_:)``.
  package func attach(_ adapter: Adapter) throws { try change { try $0.attach(adapter) } }

  /// Removes an adapter by dropping its attachments and parameters.
  ///
  /// - Throws: ``AdapterError/unknown(_:known:)``, or ``AdapterError/merged(_:)`` if it must be unmerged first.
  public func remove(_ id: AdapterID) throws { try change { try $0.remove(id) } }

  /// Removes this adapter, but not another one with the same name.
  ///
  /// - Throws: ``AdapterError`` if it is not attached, or merged.
  package func remove(_ adapter: Adapter) throws {
    try change {
      try $0.require(adapter)
      try $0.remove(adapter.id)
    }
  }

  /// Merges an adapter's attachments into copies of the weights, so that it costs nothing at inference; the originals stay.
  ///
  /// - Throws: ``AdapterError`` if the adapter is unknown, already merged, or of a method that can't be merged.
  public func merge(_ id: AdapterID) throws { try change { try $0.merge(id) } }

  /// Drops the merged copies that contain an adapter; it stays attached, and its logits have the same bits as before.
  ///
  /// - Throws: ``AdapterError`` if the adapter is unknown or not merged.
  public func unmerge(_ id: AdapterID) throws { try change { try $0.unmerge(id) } }

  private func change(_ body: (inout AdapterSet) throws -> Void) throws {
    try changes.withLock { _ in
      var changed = adapterSet
      try body(&changed)
      current.withLock { $0 = changed }
    }
  }

  // MARK: Reading

  /// The bindings of a pass with all adapters active; see ``AdapterSet/bindings(training:)``.
  public func bindings(training adapter: Adapter? = nil) -> ParameterBindings {
    adapterSet.bindings(training: adapter)
  }

  /// The bindings of a pass with some adapters active, stacked in this order.
  ///
  /// - Throws: ``AdapterError/unknown(_:known:)`` if one of them is not attached.
  public func bindings(active: [AdapterID]) throws -> ParameterBindings { try adapterSet.bindings(active: active) }

  /// A set without adapters for this model.
  package var emptySet: AdapterSet { AdapterSet(modules: modules) }

  /// The bindings of a pass without adapters.
  package var baseBindings: ParameterBindings { bindings(ofOnly: []) }

  /// The bindings of a pass with some adapters active, whether they are attached or not.
  package func bindings(ofOnly adapters: [Adapter]) -> ParameterBindings {
    AdapterSet(modules: modules, adapters: adapters).bindings(activeInOrder: adapters)
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
    let headParameters = Set(head.map(ObjectIdentifier.init))
    if !carried.isEmpty {
      let known = Dictionary(parameters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
      for name in carried {
        guard let parameter = known[name], !headParameters.contains(ObjectIdentifier(parameter)) else {
          throw AdapterError.noParameter(name)
        }
        plan.thaw(parameter)
      }
    }
    let further = plan.thawedParameters.subtracting(byMethod).subtracting(headParameters)
    if let planHead { planHead(&plan) } else { for parameter in head { plan.thaw(parameter) } }
    return plan.finish(
      as: id, by: method,
      carried: further.isEmpty ? [] : parameters.filter { further.contains(ObjectIdentifier($0)) }.map(\.name))
  }
}
