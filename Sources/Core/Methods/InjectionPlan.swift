/// What an injection would do: collected by a method, carried out by ``AdaptableModel`` only when all of it is possible.
public struct InjectionPlan {
  private let model: AdaptableModel
  private let seed: UInt64?
  private var parameters: [Parameter] = []
  private var attachments: [Adapter.Attached] = []
  private var thawed: [(original: Parameter, replacement: Parameter)] = []
  private(set) var head: (any HeadAttachment)?

  init(model: AdaptableModel, seed: UInt64?) {
    self.model = model
    self.seed = seed
  }

  /// The projections that the targets take, in the model's order.
  ///
  /// - Throws: ``SelectorError`` when a selector takes nothing, or something that is no projection.
  public func projections(_ targets: TargetModules) throws -> [ProjectionSlot] { try slots(of: targets) }

  /// The slots of one kind that the targets take, in the model's order.
  ///
  /// - Throws: ``SelectorError`` when a selector takes nothing, or something that has no such slot.
  public func slots<Slot: AnySlot>(_: Slot.Type = Slot.self, of targets: TargetModules) throws -> [Slot] {
    try targets.slots(Slot.self, in: model.modules)
  }

  /// Every module of the model, outer before inner, for what is thawed rather than attached to.
  public var modules: [Module] { model.modules }

  /// A new parameter of the adapter, called `module.name`.
  ///
  /// - Parameters:
  ///   - name: The last part of its name, such as `lora_A`.
  ///   - path: The module it belongs to.
  ///   - shape: Its extents, `[out, in]`.
  ///   - initializer: How it starts; drawn from the seed and the full name, or zero when a file brings the values.
  public mutating func makeParameter(_ name: String, of path: ModulePath, shape: [Int], _ initializer: Initializer)
    -> Parameter
  {
    let parameter = Parameter(name: path.parameter(name), shape: shape)
    precondition(!parameters.contains { $0.name == parameter.name }, "\(parameter.name) is planned twice")
    if let seed { initializer.fill(parameter, seed: seed) }
    parameters.append(parameter)
    return parameter
  }

  /// Attaches `layer` to `slot`, behind what is there.
  public mutating func attach(_ layer: any ProjectionAttachment, to slot: ProjectionSlot) {
    attachments.append(.init(layer, to: slot, merges: layer is any MergeableAttachment))
  }

  /// Attaches `layer` to a sub-layer's output, behind what is there.
  public mutating func attach(_ layer: any SubLayerAttachment, to slot: SubLayerSlot) {
    attachments.append(.init(layer, to: slot, merges: false))
  }

  /// Attaches `layer` to an attention, behind what is there.
  public mutating func attach(_ layer: any AttentionAttachment, to slot: AttentionSlot) {
    attachments.append(.init(layer, to: slot, merges: false))
  }

  /// Attaches `layer` to the embeddings.
  public mutating func attach(_ layer: any EmbeddingsAttachment, to slot: EmbeddingsSlot) {
    attachments.append(.init(layer, to: slot, merges: false))
  }

  /// Lets the adapter train a value of its own for a parameter of the base, which stays as it is.
  public mutating func thaw(_ parameter: Parameter) { thaw(parameter, as: nil) }

  /// The same, starting from another value than the base's.
  mutating func thaw(_ parameter: Parameter, as replacement: Parameter?) {
    guard !thawed.contains(where: { $0.original === parameter }) else { return }
    thawed.append((parameter, replacement ?? parameter.copy()))
  }

  /// Brings a head of its own structure, in place of the base's.
  public mutating func attach(_ layer: any HeadAttachment, to slot: HeadSlot) {
    precondition(head == nil, "an adapter has one head")
    head = layer
    // Merged weights leave the head where it is.
    attachments.append(.init(layer, to: slot, merges: true))
  }

  /// The base's parameters that are thawed so far.
  var thawedParameters: Set<ObjectIdentifier> { Set(thawed.map { ObjectIdentifier($0.original) }) }

  func finish(as id: AdapterID, by method: any ParameterEfficientMethod, carried: [String]) -> Adapter {
    Adapter(
      id: id, method: method, parameters: parameters, attachments: attachments, thawed: thawed, carried: carried,
      head: head)
  }
}
