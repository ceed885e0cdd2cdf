public import GraftCore
public import GraftTransformer

/// What `graft inspect --base B` shows of a base: its modules, and what a selector takes.
public struct BaseDescription: Encodable, Sendable {
  let base: String
  let folder: String
  let architecture: String
  let parameters: Int
  let classes: Int
  let selector: String?
  let selected: Int?
  let modules: [Entry]
  let unusedTensors: [String]

  struct Entry: Encodable, Sendable {
    let path: String
    let kind: String
    let role: String?
    let shapes: [String: [Int]]
    let selected: Bool
  }

  /// Reads it off a model.
  ///
  /// - Throws: `SelectorError` when the selector takes nothing that can be attached to.
  public init(_ model: SequenceClassifier, name: String, folder: String, selector: TargetSelector?) throws {
    let taken = Set(try selector.map { try model.base.projections(TargetModules(include: [$0])) }?.map(\.path) ?? [])
    (base, self.folder, architecture) = (name, folder, model.configuration.family.name)
    (parameters, classes) = (model.base.parameterCount, model.classes)
    self.selector = selector?.description
    selected = selector == nil ? nil : taken.count
    modules = model.base.modules.map { module in
      Entry(
        path: module.path.description, kind: module.kind.name, role: module.role?.rawValue,
        shapes: Dictionary(
          uniqueKeysWithValues: module.parameters.map { parameter in
            (String(parameter.name.dropFirst(module.path.description.count + 1)), parameter.shape)
          }), selected: taken.contains(module.path))
    }
    unusedTensors = model.unusedTensors
  }

  /// For people.
  public var text: String {
    var lines = ["\(base) (\(architecture)): \(parameters) parameters with a head for \(classes) classes"]
    for module in modules {
      let depth = module.path.split(separator: ".").count - 1
      let shapes = module.shapes.sorted { $0.key > $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
      let role = module.role.map { " role:\($0)" } ?? ""
      let mark = module.selected ? "* " : "  "
      lines.append(
        mark + String(repeating: " ", count: depth) + module.path + role + (shapes.isEmpty ? "" : "  \(shapes)"))
    }
    if let selector, let selected { lines.append("'\(selector)' takes the \(selected) modules marked *") }
    if !unusedTensors.isEmpty { lines.append("unused tensors: \(unusedTensors.joined(separator: ", "))") }
    return lines.joined(separator: "\n")
  }
}
