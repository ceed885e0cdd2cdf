public import GraftAdapterFiles
import GraftCore

/// The objectives that a program can use, by name.
public struct ObjectiveRegistry: Sendable {
  private var types: [any Objective.Type] = []

  /// Creates an empty registry.
  public init() {}

  /// The built-in objectives.
  public static let builtIn: ObjectiveRegistry = {
    var registry = ObjectiveRegistry()
    registry.types = [Classification.self, Regression.self, MultiLabel.self]
    return registry
  }()

  /// Adds an objective.
  ///
  /// - Throws: `RegistryError.duplicate` if there is one with its name.
  public mutating func register(_ objective: any Objective.Type) throws {
    guard !names.contains(objective.name) else { throw RegistryError.duplicate(objective.name, kind: "objective") }
    types.append(objective)
  }

  /// The names, in the order of registration.
  public var names: [String] { types.map { $0.name } }

  /// Returns the objective with a name.
  ///
  /// - Throws: `RegistryError.unknown`.
  public func type(named name: String) throws -> any Objective.Type {
    guard let type = types.first(where: { $0.name == name }) else {
      throw RegistryError.unknown(name, kind: "objective", known: names)
    }
    return type
  }

  /// Returns the objective of an adapter file.
  ///
  /// - Throws: `AdapterFileError` if it is not registered, or if it does not have the outputs that the file describes.
  public func objective(of file: AdapterFile) throws -> any Objective {
    let (labels, expected) = (file.metadata.labels, file.metadata.objective)
    guard let type = types.first(where: { $0.name == expected.name }) else {
      throw AdapterFileError.unknownObjective(file: file.path, name: expected.name, known: names)
    }
    // A classifier from elsewhere may have more labels than are collected from data.
    let isPossible =
      labels.count >= type.labelCounts.lowerBound && (type.labelCounts.upperBound > 1 || labels.count == 1)
    guard isPossible, case let objective = type.init(labelNames: labels),
      objective.reference == expected
    else { throw AdapterFileError.otherObjective(file: file.path, name: expected.name) }
    return objective
  }

  /// Checks that a file's description of its objective is true, if the objective is registered.
  ///
  /// - Throws: `AdapterFileError.otherObjective`.
  public func check(_ file: AdapterFile) throws {
    if names.contains(file.metadata.objective.name) { _ = try objective(of: file) }
  }

  /// The values of `head_type` of AdapterHub's heads, each with its objectives.
  package var adapterHubHeads: [String: [String]] {
    var heads: [String: [String]] = [:]
    for type in types { if let head = type.adapterHubHead { heads[head, default: []].append(type.name) } }
    return heads
  }
}
