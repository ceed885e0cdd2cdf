/// What a method added to a base model: its own parameters, and its values for base parameters that it thawed.
///
/// The task head is thawed by every adapter, so an adapter without its head can't exist.
public final class Adapter: Sendable {
  /// The name on this model.
  public let id: AdapterID
  /// How it was made.
  public let method: any ParameterEfficientMethod
  /// Everything that trains, the method's own parameters first, by unique names.
  public let parameters: [Parameter]
  /// The modules that something is attached to, in the model's order.
  public let targets: [ModulePath]

  /// The head, where it has a structure of its own; `nil`: the base's structure with the adapter's values.
  public let head: (any HeadAttachment)?
  /// The names of the base's parameters, in the model's order, that it has its own values for besides the head's and those that
  /// the method asks for: a pooler, norms or biases that another toolkit has trained along with it.
  public let carried: [String]

  let attachments: [Attached]
  let thawed: [(original: Parameter, replacement: Parameter)]

  init(
    id: AdapterID, method: any ParameterEfficientMethod, parameters: [Parameter],
    attachments: [Attached],
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
    var seen = Set<ModulePath>()
    targets = attachments.filter { !($0.slot is HeadSlot) }.map(\.slot.path).filter { seen.insert($0).inserted }
  }

  /// A layer that belongs on a slot.
  struct Attached: Sendable {
    let slot: any AnySlot
    let layer: any Sendable
    /// Whether it can be merged into weights.
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

  /// What the adapter attaches to projections, in the model's order.
  public var projections: [(path: ModulePath, layer: any ProjectionAttachment)] {
    attachments.compactMap { attached in
      (attached.layer as? any ProjectionAttachment).map { (attached.slot.path, $0) }
    }
  }

  /// How many positions the adapter needs for itself: the longest sequence is shorter by this number of tokens.
  public var positionShift: Int {
    attachments.reduce(0) { $0 + (($1.layer as? any EmbeddingsAttachment)?.positionShift ?? 0) }
  }

  /// The number of values that train.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

  /// The number of values that the model does not have without this adapter: without those it only trains anew.
  public var addedParameterCount: Int { parameterCount - thawed.reduce(0) { $0 + $1.replacement.count } }
}
