import GraftCore
import GraftTransformer

/// Translates between the module names of Graft and of other toolkits for a base.
struct EncoderNames {
  /// The base's family.
  let family: EncoderFamily
  /// The projections that adapters attach to, in model order.
  let projections: [(path: ModulePath, role: Role, layer: Int)]
  /// The attentions, in model order.
  let attentions: [ModulePath]
  /// The feed-forward sub-layers, in model order.
  let feedForwards: [ModulePath]
  /// The names of the head's parameters, which every adapter contains.
  let head: Set<String>
  /// All parameters of the base and its head, by name.
  let parameters: [String: Parameter]
  /// The hidden width D.
  let width: Int
  /// Whether the base has a pretrained pooler.
  let hasPooler: Bool

  init(_ model: SequenceClassifier) {
    family = model.configuration.family
    width = model.configuration.hiddenWidth
    hasPooler = model.hasPooler
    projections = model.adaptable.modules.compactMap { $0.slot(ProjectionSlot.self) }.map {
      ($0.path, $0.role, $0.layer)
    }
    let subLayers = model.adaptable.modules.compactMap { $0.slot(SubLayerSlot.self) }
    attentions = subLayers.filter { $0.role == .attention }.map(\.path)
    feedForwards = subLayers.filter { $0.role == .feedForward }.map(\.path)
    head = Set(model.adaptable.head.map(\.name))
    parameters = Dictionary(model.adaptable.parameters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Whether peft's prefix tuning, which shifts the positions, runs on the base.
  var shiftsPrefix: Bool { family == .bert }

  /// Returns Graft's name for a toolkit's name, which may have the family's prefix.
  func localName(_ name: some StringProtocol) -> String {
    name.hasPrefix(family.prefix) ? String(name.dropFirst(family.prefix.count)) : String(name)
  }

  /// Returns the name in a toolkit's model with a head for one of Graft's names.
  func foreign(_ name: String) -> String { family.classifierKey(of: name) }

  /// Returns the projection with a toolkit's name, or `nil`.
  func projection(_ name: some StringProtocol) -> ModulePath? {
    let path = localName(name)
    return projections.first { $0.path.description == path }?.path
  }

  /// Returns selectors that match exactly these projections: by role if they include all projections of the role, else by path.
  func selectors(_ paths: Set<ModulePath>) -> [String] {
    let roles = Role.allCases.filter { role in
      let all = projections.filter { $0.role == role }.map(\.path)
      return !all.isEmpty && all.allSatisfy(paths.contains)
    }
    let rest = projections.filter { paths.contains($0.path) && !roles.contains($0.role) }.map(\.path.description)
    return (roles.isEmpty ? [] : [TargetSelector(roles: roles).description]) + rest
  }
}
