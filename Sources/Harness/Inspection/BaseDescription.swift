import Foundation
public import GraftCore
import GraftSupport
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

  /// Reads it off a model.
  ///
  /// - Parameters:
  ///   - model: The base.
  ///   - name: What it was asked for by.
  ///   - folder: Where it lies.
  ///   - selector: Marks modules.
  ///   - method: The method whose parameters are counted on what the selector takes.
  ///   - methods: The methods that are known.
  /// - Throws: `SelectorError` when the selector takes nothing that can be attached to.
  public init(
    _ model: SequenceClassifier, name: String, folder: String, selector: TargetSelector?, method: String,
    methods: MethodRegistry
  ) throws {
    let found = try selector.map { try Self.adapt($0, on: model, by: method, of: methods) }
    let taken = Set(found?.targets ?? [])
    base = name
    self.folder = folder
    architecture = model.configuration.family.name
    parameters = model.adaptable.parameterCount
    classes = model.classes
    self.selector = selector?.description
    selected = selector == nil ? nil : taken.count
    self.method = selector == nil ? nil : method
    trained = found?.parameterCount
    modules = model.adaptable.modules.map { module in
      Entry(
        path: module.path.description, kind: module.kind.name, role: module.role?.rawValue,
        shapes: Dictionary(
          uniqueKeysWithValues: module.parameters.map { parameter in
            (String(parameter.name.dropFirst(module.path.description.count + 1)), parameter.shape)
          }), selected: taken.contains(module.path))
    }
    unusedTensors = model.unusedTensors
  }

  /// What a method would add to what a selector takes, the head among it.
  private static func adapt(
    _ selector: TargetSelector, on model: SequenceClassifier, by name: String, of methods: MethodRegistry
  ) throws -> Adapter {
    _ = try methods.description(of: name)
    let options = try JSONEncoder().encode(["name": name, "targets": selector.description])
    let decoder = JSONDecoder()
    decoder.userInfo[.methodRegistry] = methods
    let method = try decoder.decode(DecodedMethod.self, from: options).method
    return try model.adaptable.detached(method, as: "counted", seed: nil)
  }

  /// For people.
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
      lines.append("\(quoted(selector)) takes the \(selected) modules marked *")
      lines.append("\(method) with its defaults trains \(trained) parameters there, the head among them")
    }
    if !unusedTensors.isEmpty { lines.append("unused tensors: \(visible(unusedTensors.joined(separator: ", ")))") }
    return lines.joined(separator: "\n")
  }
}
