/// The modules of a base, and the translation between Graft's names and those in other toolkits' files.
public struct EncoderNames: Sendable {
  /// A projection that adapters attach to.
  public struct Projection: Sendable {
    /// The path.
    public let path: ModulePath
    /// The function in the block.
    public let role: Role
    /// The index of the block, from 0.
    public let layer: Int
  }

  /// The family's `model_type`, such as `bert`.
  public let family: String
  /// What other toolkits support for the family.
  public let toolkits: ToolkitSupport
  /// The hidden width D.
  public let width: Int
  /// The number of heads of each attention layer.
  public let headCount: Int
  /// The projections, in model order.
  public let projections: [Projection]
  /// The attention layers, in model order.
  public let attentions: [ModulePath]
  /// The feed-forward sub-layers, in model order.
  public let feedForwards: [ModulePath]
  /// The names of the head's parameters, which every adapter contains.
  public let head: Set<String>
  /// All parameters of the base and its head, by name.
  public let parameters: [String: Parameter]
  /// The prefix of the encoder's names in a model with a head.
  package let prefix: String
  private let classifierKey: @Sendable (String) -> String

  /// Creates the names of a base.
  ///
  /// - Parameters:
  ///   - model: The base.
  ///   - family: The family's `model_type`.
  ///   - toolkits: What other toolkits support for the family.
  ///   - prefix: The prefix of the encoder's names in a model with a head.
  ///   - width: The hidden width D.
  ///   - headCount: The number of heads of each attention layer.
  ///   - classifierKey: Converts one of Graft's names to the name in a model with a head.
  package init(
    _ model: AdaptableModel, family: String, toolkits: ToolkitSupport, prefix: String, width: Int, headCount: Int,
    classifierKey: @escaping @Sendable (String) -> String
  ) {
    self.family = family
    self.toolkits = toolkits
    self.prefix = prefix
    self.width = width
    self.headCount = headCount
    self.classifierKey = classifierKey
    projections = model.modules.compactMap { $0.slot(ProjectionSlot.self) }.map {
      Projection(path: $0.path, role: $0.role, layer: $0.layer)
    }
    let subLayers = model.modules.compactMap { $0.slot(SubLayerSlot.self) }
    attentions = subLayers.filter { $0.role == .attention }.map(\.path)
    feedForwards = subLayers.filter { $0.role == .feedForward }.map(\.path)
    head = Set(model.head.map(\.name))
    parameters = Dictionary(model.parameters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Returns Graft's name for a toolkit's name, which may have the family's prefix.
  public func localName(_ name: some StringProtocol) -> String {
    name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : String(name)
  }

  /// Converts one of Graft's names to the name in a toolkit's model with a head.
  public func foreign(_ name: String) -> String { classifierKey(name) }

  /// Returns the name of a module in a toolkit's model with a head.
  public func foreign(_ path: ModulePath) -> String { classifierKey(path.description) }

  /// Returns the projection with a toolkit's name, or `nil`.
  public func projection(_ name: some StringProtocol) -> ModulePath? {
    let path = localName(name)
    return projections.first { $0.path.description == path }?.path
  }

  /// Returns targets that match exactly these projections: by role if they include all projections of the role, else by path.
  public func targets(_ paths: Set<ModulePath>) -> TargetModules {
    let roles = Role.allCases.filter { role in
      let all = projections.filter { $0.role == role }.map(\.path)
      return !all.isEmpty && all.allSatisfy(paths.contains)
    }
    let rest = projections.filter { paths.contains($0.path) && !roles.contains($0.role) }.map {
      TargetSelector($0.path)
    }
    return TargetModules(include: (roles.isEmpty ? [] : [TargetSelector(roles: roles)]) + rest)
  }

  /// Returns names that select exactly these modules in a toolkit that matches the ends of module names. A name is shortened
  /// to the part after the block's number if it then matches no other module.
  public func endings(_ paths: [ModulePath]) -> [String] {
    let targets = Set(paths)
    var names: [String] = []
    var covered: Set<ModulePath> = []
    for path in paths where !covered.contains(path) {
      let parts = path.components
      let short =
        parts.lastIndex { Int($0) != nil }.map { parts[($0 + 1)...].joined(separator: ".") } ?? path.description
      let matching = projections.map(\.path).filter { $0.description.hasSuffix(".\(short)") }
      let isExact = matching.allSatisfy(targets.contains)
      names.append(isExact ? short : foreign(path))
      covered.formUnion(isExact ? matching : [path])
    }
    return names
  }
}
