import Foundation
public import GraftCore
import GraftSupport
public import GraftTransformer

/// The description of a base that `graft inspect --base B` prints: its modules, and those that a selector matches.
public struct BaseDescription: Encodable, Sendable {
  let base: String
  let folder: String
  let architecture: String
  let parameters: Int
  let classes: Int
  let selector: String?
  let selected: Int?
  let method: String?
  let trained: Int?
  let modules: [Entry]
  let unusedTensors: [String]

  struct Entry: Encodable, Sendable {
    let path: String
    let kind: String
    let role: String?
    let shapes: [String: [Int]]
    let selected: Bool
  }

  /// Describes a model.
  ///
  /// - Parameters:
  ///   - model: The base's model.
  ///   - name: The name or folder that was requested.
  ///   - folder: The folder that the base was loaded from.
  ///   - selector: The selector whose modules are marked, or `nil`.
  ///   - method: The method whose trainable parameters on the selected modules are counted.
  ///   - methods: The registered methods.
  /// - Throws: `SelectorError` if the selector matches no module that the method can be attached to.
  public init(
    _ model: SequenceClassifier, name: String, folder: String, selector: TargetSelector?, method: String,
    methods: MethodRegistry
  ) throws {
    let adapter = try selector.map { try Self.detachedAdapter($0, on: model, by: method, of: methods) }
    let targets = Set(adapter?.targets ?? [])
    base = name
    self.folder = folder
    architecture = model.family.modelType
    parameters = model.adaptable.parameterCount
    classes = model.classes
    self.selector = selector?.description
    selected = selector == nil ? nil : targets.count
    self.method = selector == nil ? nil : method
    trained = adapter?.parameterCount
    modules = model.adaptable.modules.map { module in
      Entry(
        path: module.path.description, kind: module.kind.name, role: module.role?.rawValue,
        shapes: Dictionary(
          uniqueKeysWithValues: module.parameters.map { parameter in
            (String(parameter.name.dropFirst(module.path.description.count + 1)), parameter.shape)
          }), selected: targets.contains(module.path))
    }
    unusedTensors = model.unusedTensors
  }

  /// Creates an adapter, including its head, for the modules that a selector matches, without attaching it.
  private static func detachedAdapter(
    _ selector: TargetSelector, on model: SequenceClassifier, by name: String, of methods: MethodRegistry
  ) throws -> Adapter {
    _ = try methods.description(of: name)
    let options = try JSONEncoder().encode(["name": name, "targets": selector.description])
    let decoder = JSONDecoder()
    decoder.userInfo[.methodRegistry] = methods
    let method = try decoder.decode(DecodedMethod.self, from: options).method
    return try model.adaptable.detached(method, as: "counted", seed: nil)
  }

  /// The description as text.
  public var text: String {
    var lines = ["\(visible(base)) (\(architecture)): \(parameters) parameters with a head for \(classes) classes"]
    for module in modules {
      let depth = module.path.split(separator: ".").count - 1
      let shapes = module.shapes.sorted { $0.key > $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
      let role = module.role.map { " role:\($0)" } ?? ""
      let mark = module.selected ? "* " : "  "
      lines.append(
        mark + String(repeating: " ", count: depth) + module.path + role + (shapes.isEmpty ? "" : "  \(shapes)"))
    }
    if let selector, let selected, let method, let trained {
      lines.append("\(quoted(selector)) matches the \(selected) modules marked *")
      lines.append("\(method) with its defaults trains \(trained) parameters there, including the head")
    }
    if !unusedTensors.isEmpty { lines.append("unused tensors: \(visible(unusedTensors.joined(separator: ", ")))") }
    return lines.joined(separator: "\n")
  }
}
