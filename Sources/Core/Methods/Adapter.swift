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

  let attachments: [Attached]
  let thawed: [(original: Parameter, replacement: Parameter)]

  init(
    id: AdapterID, method: any ParameterEfficientMethod, parameters: [Parameter],
    attachments: [Attached],
    thawed: [(original: Parameter, replacement: Parameter)]
  ) {
    (self.id, self.method, self.attachments, self.thawed) = (id, method, attachments, thawed)
    self.parameters = parameters + thawed.map(\.replacement)
    var seen = Set<ModulePath>()
    targets = attachments.map(\.slot.path).filter { seen.insert($0).inserted }
  }

  /// Something attached to a slot.
  struct Attached: Sendable {
    let slot: any AnySlot
    /// Whether a change of weights can stand for it.
    let merges: Bool
    /// Carries it out under an adapter's name.
    let attach: @Sendable (AdapterID) -> Void
  }

  /// The number of values that train.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

  /// The number of values that the model does not have without this adapter: without those it only trains anew.
  public var addedParameterCount: Int { parameterCount - thawed.reduce(0) { $0 + $1.replacement.count } }
}
