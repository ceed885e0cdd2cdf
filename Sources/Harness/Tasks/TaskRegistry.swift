import GraftCore

/// The tasks that a program can use by name, in addition to `custom`.
public struct TaskRegistry: Sendable {
  /// The tasks, in the order of registration.
  public private(set) var tasks: [TaskDefinition] = []

  /// Creates an empty registry.
  public init() {}

  /// The nine tasks of GLUE, and the rated snippets.
  public static let builtIn: TaskRegistry = {
    var registry = TaskRegistry()
    registry.tasks = TaskDefinition.glue + TaskDefinition.snippets
    return registry
  }()

  /// Adds a task.
  ///
  /// - Throws: `RegistryError.duplicate` if there is one with its name.
  public mutating func register(_ task: TaskDefinition) throws {
    guard !names.contains(task.name) else { throw RegistryError.duplicate(task.name, kind: "task") }
    tasks.append(task)
  }

  /// All names that a configuration accepts.
  public var names: [String] { tasks.map(\.name) + [TaskDefinition.customName] }

  /// Returns the task with the given name.
  ///
  /// - Throws: `RegistryError.unknown`.
  public func task(named name: String) throws -> TaskDefinition {
    guard let task = tasks.first(where: { $0.name == name }) else {
      throw RegistryError.unknown(name, kind: "task", known: names)
    }
    return task
  }
}
