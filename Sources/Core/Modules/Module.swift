/// A named part of the model, as selectors and `graft inspect` see it.
public struct Module: Sendable {
  /// What a module is; only a projection can be attached to.
  public enum Kind: Sendable {
    /// A projection that methods attach to.
    case projection(ProjectionSlot)
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
  /// Its own parameters, without those of modules within it.
  public let parameters: [Parameter]

  /// A module by its parts.
  public init(path: ModulePath, kind: Kind, parameters: [Parameter] = []) {
    (self.path, self.kind, self.parameters) = (path, kind, parameters)
  }

  /// A projection's slot.
  public var slot: ProjectionSlot? {
    if case .projection(let slot) = kind { slot } else { nil }
  }
  /// A projection's role.
  public var role: Role? { slot?.role }
}
