/// A named part of the model, as selectors and `graft inspect` see it.
public struct Module: Sendable {
  /// What a module is.
  public enum Kind: Sendable {
    /// A projection of the encoder.
    case projection
    /// A table of vectors.
    case embedding
    /// A layer norm.
    case layerNorm
    /// A group of other modules, such as an attention or a block.
    case group
    /// A projection of the task head.
    case head

    /// With its article, for messages.
    public var name: String {
      switch self {
      case .projection: "a projection"
      case .embedding: "an embedding"
      case .layerNorm: "a layer norm"
      case .group: "a group of modules"
      case .head: "a part of the task head"
      }
    }
  }

  /// Its place.
  public let path: ModulePath
  /// What it is.
  public let kind: Kind
  /// Where methods can attach something.
  public let slots: [any AnySlot]
  /// Its own parameters, without those of modules within it.
  public let parameters: [Parameter]

  /// A module by its parts.
  public init(path: ModulePath, kind: Kind, slots: [any AnySlot] = [], parameters: [Parameter] = []) {
    self.path = path
    self.kind = kind
    self.slots = slots
    self.parameters = parameters
  }

  /// A projection with its slot.
  public init(_ slot: ProjectionSlot) {
    self.init(path: slot.path, kind: .projection, slots: [slot], parameters: [slot.frozen.weight, slot.frozen.bias])
  }

  /// The module's slot of one kind.
  public func slot<Slot: AnySlot>(_: Slot.Type = Slot.self) -> Slot? { slots.lazy.compactMap { $0 as? Slot }.first }
  /// What the module does, where it has a name for it.
  public var role: Role? { slots.first?.role }
}
