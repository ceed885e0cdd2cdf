/// A plan of the changes that add an adapter. A method fills it in, and ``AdaptableModel`` executes it only if all of it is
/// possible.
public struct InjectionPlan {
  private let model: AdaptableModel
  private let seed: UInt64?
  private var parameters: [Parameter] = []
  private var frozen: [Parameter] = []
  private var derived: [Parameter] = []
  private var attachments: [Adapter.Attached] = []
  private var thawed: [(original: Parameter, replacement: Parameter)] = []
  private(set) var head: (any HeadAttachment)?

  init(model: AdaptableModel, seed: UInt64?) {
    self.model = model
    self.seed = seed
  }

  /// Returns the projections that the targets match, in model order.
  ///
  /// - Throws: ``SelectorError`` if a selector matches nothing, or a module that is not a projection.
  public func projections(_ targets: TargetModules) throws -> [ProjectionSlot] { try slots(of: targets) }

  /// Returns the slots of one kind that the targets match, in model order.
  ///
  /// - Throws: ``SelectorError`` if a selector matches nothing, or a module without such a slot.
  public func slots<Slot: AnySlot>(_: Slot.Type = Slot.self, of targets: TargetModules) throws -> [Slot] {
    try targets.slots(Slot.self, in: model.modules)
  }

  /// Every module of the model, outer before inner, for methods that thaw parameters.
  public var modules: [Module] { model.modules }

  /// Creates a parameter of the adapter with the name `module.name`. Several attachments may use one parameter; its gradient is
  /// then the sum of theirs.
  ///
  /// - Parameters:
  ///   - name: The last component of its name, such as `lora_A`.
  ///   - path: The module that it belongs to.
  ///   - shape: Its shape, `[out, in]`.
  ///   - initializer: The initial values, drawn from the seed and the full name. Without a seed, they are zero and come from a
  ///     file.
  ///   - trains: Whether it trains. A parameter that does not train has no gradient, but it is stored in the file.
  public mutating func makeParameter(
    _ name: String, of path: ModulePath, shape: [Int], _ initializer: Initializer, trains: Bool = true
  ) -> Parameter {
    let parameter = newParameter(path.parameter(name), shape: shape)
    if let seed { initializer.fill(parameter, seed: seed) }
    if trains { parameters.append(parameter) } else { frozen.append(parameter) }
    return parameter
  }

  /// Creates a parameter that does not train and is not stored either: its values follow from the method's options, so they are
  /// the same whenever the method is planned.
  ///
  /// - Parameters:
  ///   - name: The last component of its name.
  ///   - path: The module that it belongs to.
  ///   - shape: Its shape, `[out, in]`.
  ///   - initializer: The values, drawn from `seed` and the full name.
  ///   - seed: A seed from the method's options.
  public mutating func makeDerivedParameter(
    _ name: String, of path: ModulePath, shape: [Int], _ initializer: Initializer, seed: UInt64
  ) -> Parameter {
    let parameter = newParameter(path.parameter(name), shape: shape)
    initializer.fill(parameter, seed: seed)
    derived.append(parameter)
    return parameter
  }

  private func newParameter(_ name: String, shape: [Int]) -> Parameter {
    precondition(!(parameters + frozen + derived).contains { $0.name == name }, "duplicate parameter \(name)")
    return Parameter(name: name, shape: shape)
  }

  /// Attaches `layer` to `slot`, after existing attachments.
  public mutating func attach(_ layer: any ProjectionAttachment, to slot: ProjectionSlot) {
    attachments.append(.init(layer, to: slot, merges: layer is any MergeableAttachment))
  }

  /// Attaches `layer` to a sub-layer's output, after existing attachments.
  public mutating func attach(_ layer: any SubLayerAttachment, to slot: SubLayerSlot) {
    attachments.append(.init(layer, to: slot, merges: false))
  }

  /// Attaches `layer` to an attention layer, after existing attachments.
  public mutating func attach(_ layer: any AttentionAttachment, to slot: AttentionSlot) {
    attachments.append(.init(layer, to: slot, merges: false))
  }

  /// Attaches `layer` to the embeddings.
  public mutating func attach(_ layer: any EmbeddingsAttachment, to slot: EmbeddingsSlot) {
    attachments.append(.init(layer, to: slot, merges: false))
  }

  /// Lets the adapter train its own copy of a base parameter; the base is unchanged. For a part of a parameter, the whole is thawed.
  public mutating func thaw(_ parameter: Parameter) { thaw(parameter.part?.whole ?? parameter, as: nil) }

  /// Lets the adapter train `replacement` in place of a base parameter; `nil` means a copy.
  mutating func thaw(_ parameter: Parameter, as replacement: Parameter?) {
    guard !thawed.contains(where: { $0.original === parameter }) else { return }
    thawed.append((parameter, replacement ?? parameter.copy()))
  }

  /// Attaches a head with a different structure, which replaces the base's.
  public mutating func attach(_ layer: any HeadAttachment, to slot: HeadSlot) {
    precondition(head == nil, "an adapter can have only one head")
    head = layer
    // A head does not prevent merging: it is used unchanged with merged weights.
    attachments.append(.init(layer, to: slot, merges: true))
  }

  /// The base parameters that are thawed so far.
  var thawedParameters: Set<ObjectIdentifier> { Set(thawed.map { ObjectIdentifier($0.original) }) }

  func finish(as id: AdapterID, by method: any ParameterEfficientMethod, carried: [String]) -> Adapter {
    Adapter(
      id: id, method: method, parameters: parameters, frozen: frozen,
      derivedCount: derived.reduce(0) { $0 + $1.count }, attachments: attachments, thawed: thawed, carried: carried,
      head: head)
  }
}
