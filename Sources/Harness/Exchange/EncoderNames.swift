import GraftCore
import GraftTransformer

/// A base's modules by the names that other toolkits have for them.
struct EncoderNames {
  /// The base's family.
  let family: EncoderFamily
  /// The projections that adapters attach to, in the model's order.
  let projections: [(path: ModulePath, role: Role, layer: Int)]
  /// The attentions, in the model's order.
  let attentions: [ModulePath]
  /// The feed-forwards, in the model's order.
  let feedForwards: [ModulePath]
  /// The parameters that every adapter has of its own.
  let head: Set<String>
  /// All parameters of the base and its head, by name.
  let parameters: [String: Parameter]
  /// D.
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

  /// Whether peft's prefix tuning runs on it, which moves the positions.
  var shiftsPrefix: Bool { family == .bert }

  /// A name as ours, whether the family's stands in front or not.
  func own(_ name: some StringProtocol) -> String {
    name.hasPrefix(family.prefix) ? String(name.dropFirst(family.prefix.count)) : String(name)
  }

  /// One of our names as in a model with a head.
  func foreign(_ name: String) -> String { family.classifierKey(of: name) }

  /// The projection of a name, or `nil`.
  func projection(_ name: some StringProtocol) -> ModulePath? {
    let own = own(name)
    return projections.first { $0.path.description == own }?.path
  }

  /// Selectors that take just these projections: by role where all of a role are among them, else one by one.
  func selectors(_ paths: Set<ModulePath>) -> [String] {
    let roles = Role.allCases.filter { role in
      let all = projections.filter { $0.role == role }.map(\.path)
      return !all.isEmpty && all.allSatisfy(paths.contains)
    }
    let rest = projections.filter { paths.contains($0.path) && !roles.contains($0.role) }.map(\.path.description)
    return (roles.isEmpty ? [] : [TargetSelector(roles: roles).description]) + rest
  }
}
