import GraftAdapterFiles

extension AdapterMetadata {
  /// Returns the task: a built-in one, or one with these columns and labels, for the user's own data or a task defined in code.
  func makeTask() -> TaskDefinition {
    TaskDefinition.all.first { $0.name == task } ?? .custom(columns, labels: labels)
  }
}
