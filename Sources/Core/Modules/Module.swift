/// A named part of the model, as seen by selectors and `graft inspect`.
public struct Module: Sendable {
  /// The kinds of modules.
  public enum Kind: Sendable {
    /// A projection of the encoder.
    case projection
    /// A table of vectors.
    case embedding
    /// A layer norm.
    case layerNorm
    /// A group of other modules, such as an attention layer or a block.
    case group
    /// A projection of the task head.
    case head

    /// The kind with its article, for messages.
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

  /// The path in the model.
  public let path: ModulePath
  /// The kind of module.
  public let kind: Kind
  /// The slots to which methods can attach.
  public let slots: [any AnySlot]
  /// The module's own parameters, without those of its submodules.
  public let parameters: [Parameter]

  /// Creates a module from its parts.
  public init(path: ModulePath, kind: Kind, slots: [any AnySlot] = [], parameters: [Parameter] = []) {
    self.path = path
    self.kind = kind
    self.slots = slots
    self.parameters = parameters
  }

  /// Creates a projection from its slot. A range of a fused projection has no parameters of its own.
  public init(_ slot: ProjectionSlot) {
    self.init(
      path: slot.path, kind: .projection, slots: [slot], parameters: slot.fused == nil ? slot.frozen.parameters : [])
  }

  /// Returns the module's slot of one kind, or `nil`.
  public func slot<Slot: AnySlot>(_: Slot.Type = Slot.self) -> Slot? { slots.lazy.compactMap { $0 as? Slot }.first }
  /// The module's role, if it has one.
  public var role: Role? { slots.first?.role }
}

extension [Module] {
  /// The projections that are not a range of another one, in model order.
  package var wholeProjections: [ProjectionSlot] {
    compactMap { $0.slot(ProjectionSlot.self) }.filter { $0.fused == nil }
  }

  /// The slots of ranges of a fused projection, in model order.
  func ranges(of fused: ProjectionSlot) -> [ProjectionSlot] {
    compactMap { $0.slot(ProjectionSlot.self) }.filter { $0.fused === fused }
  }
}
