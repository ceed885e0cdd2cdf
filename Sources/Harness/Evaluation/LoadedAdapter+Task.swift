import GraftInference

extension LoadedAdapter {
  /// Returns the task of the adapter: a registered one, or one with the columns and the objective in the file, for the user's own
  /// data or a task defined in code.
  func makeTask(_ tasks: TaskRegistry) -> TaskDefinition {
    tasks.tasks.first { $0.name == file.metadata.task } ?? .custom(file.metadata.columns, objective: objective)
  }
}
