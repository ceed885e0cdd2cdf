import GraftObjectives

/// The task of a configuration, whose labels may not be known yet.
enum DeclaredTask {
  /// A task with its labels.
  case defined(TaskDefinition)
  /// The user's own data, whose labels are collected from the training file.
  case own(TaskFiles, any Objective.Type)

  /// Returns the task of a configuration.
  ///
  /// - Throws: `RegistryError.unknown`.
  init(_ configuration: ExperimentConfiguration) throws {
    let registries = configuration.registries
    guard configuration.task == TaskDefinition.customName else {
      self = .defined(try registries.tasks.task(named: configuration.task))
      return
    }
    let data = configuration.data
    let columns = TaskDefinition.Columns(
      text: data.text ?? "text", textPair: data.textPair, label: data.label ?? "label")
    self = .own(.custom(columns), try registries.objectives.type(named: configuration.resolvedObjective))
  }

  /// The task's files.
  var files: TaskFiles {
    switch self {
    case .defined(let task): task.files
    case .own(let files, _): files
    }
  }

  /// Indexes the training file.
  ///
  /// - Throws: `FileError`, or ``TableError`` or ``TaskError`` with file and line.
  func index(_ file: DataFile) throws -> ExampleIndex {
    switch self {
    case .defined(let task): try ExampleIndex(file, task: task)
    case .own(let files, let objective): try ExampleIndex(file, of: files, collectingLabelsFor: objective)
    }
  }
}
