import GraftAdapterFiles

extension AdapterMetadata {
  /// Returns the task: a built-in one, or a custom one with these columns and labels.
  func makeTask() throws -> TaskDefinition {
    task == TaskDefinition.customName ? .custom(columns, labels: labels) : try TaskDefinition.named(task)
  }
}
