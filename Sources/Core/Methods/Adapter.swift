/// An adapter of a base model: the parameters that its method added, and its values for the base parameters that it thawed.
///
/// Every adapter thaws the task head, so an adapter always includes its head.
public final class Adapter: Sendable {
  /// The adapter's name on this model.
  public let id: AdapterID
  /// The method that created it.
  public let method: any ParameterEfficientMethod
  /// The parameters that train, with unique names; the method's own parameters come first.
  public let parameters: [Parameter]
  /// The method's parameters that don't train but are stored with the adapter, such as random projections.
  public let frozenParameters: [Parameter]
  /// The modules that it is attached to, in model order.
  public let targets: [ModulePath]

  /// The head if its structure differs from the base's; `nil` means the base's structure with the adapter's values.
  public let head: (any HeadAttachment)?
  /// The names of further base parameters, in model order, for which the adapter has its own values, besides the head and the
  /// parameters that its method thaws: a pooler, norms, or biases that another toolkit trained with it.
  public let carried: [String]

  /// The number of values that the method derives from its options; they are neither trained nor stored.
  private let derivedCount: Int
  let attachments: [Attached]
  let thawed: [(original: Parameter, replacement: Parameter)]

  init(
    id: AdapterID, method: any ParameterEfficientMethod, parameters: [Parameter], frozen: [Parameter] = [],
    derivedCount: Int = 0, attachments: [Attached],
    thawed: [(original: Parameter, replacement: Parameter)], carried: [String] = [],
    head: (any HeadAttachment)? = nil
  ) {
    self.id = id
    self.method = method
    self.attachments = attachments
    self.thawed = thawed
    self.carried = carried
    self.head = head
    self.parameters = parameters + thawed.map(\.replacement)
    frozenParameters = frozen
    self.derivedCount = derivedCount
    var seen = Set<ModulePath>()
    targets = attachments.filter { !($0.slot is HeadSlot) }.map(\.slot.path).filter { seen.insert($0).inserted }
  }

  /// An attachment and its slot.
  struct Attached: Sendable {
    let slot: any AnySlot
    let layer: any Sendable
    /// Whether merging can express it as a change of weights.
    let merges: Bool
    let append: @Sendable (inout AttachmentTable, AdapterID) -> Void
    let remove: @Sendable (inout AttachmentTable, AdapterID) -> Void

    init<Layer: Sendable>(_ layer: Layer, to slot: any Slot<Layer> & AnySlot, merges: Bool) {
      self.slot = slot
      self.layer = layer
      self.merges = merges
      append = { table, adapter in table.append(layer, to: slot, by: adapter) }
      remove = { table, adapter in table.remove(Layer.self, from: slot, by: adapter) }
    }
  }

  /// The layers that the adapter attaches to projections, in model order.
  public var projections: [(path: ModulePath, layer: any ProjectionAttachment)] {
    attachments.compactMap { attached in
      (attached.layer as? any ProjectionAttachment).map { (attached.slot.path, $0) }
    }
  }

  /// The number of positions that the adapter uses; the maximum sequence length is shorter by this number of tokens.
  public var positionShift: Int {
    attachments.reduce(0) { $0 + (($1.layer as? any EmbeddingsAttachment)?.positionShift ?? 0) }
  }

  /// Everything that the adapter's file contains: the parameters that train, and the frozen ones.
  public var storedParameters: [Parameter] { parameters + frozenParameters }

  /// The number of values that train.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

  /// The number of values that the adapter adds to the model, trained or not; values that replace base parameters don't count.
  public var addedParameterCount: Int {
    storedParameters.reduce(derivedCount) { $0 + $1.count } - thawed.reduce(0) { $0 + $1.replacement.count }
  }
}
