public import GraftAdapterFiles
public import GraftInference

extension LoadedAdapter {
  /// The examples on which a packed adapter is evaluated.
  public struct PackingData: Sendable {
    let task: String?
    let data: String?
    let tasks: TaskRegistry

    /// Creates a reference to evaluation data.
    ///
    /// - Parameters:
    ///   - task: The task's name; `nil`: the task in the file.
    ///   - data: The path of the data; `nil`: as in training.
    ///   - tasks: The tasks that have names.
    public init(task: String? = nil, data: String? = nil, tasks: TaskRegistry = .builtIn) {
      self.task = task
      self.data = data
      self.tasks = tasks
    }
  }

  /// Packs the adapter with its values stored as one type, computes its logits again, and evaluates it.
  ///
  /// - Parameters:
  ///   - type: The type in which to store the values.
  ///   - data: The examples to evaluate on.
  /// - Throws: A `UserError` if a value is out of the type's range, or the data can't be read.
  public func packed(as type: StoredType, evaluatingOn data: PackingData) throws -> Packing {
    var packing = try packed(as: type)
    let evaluation = try packing.loaded.evaluate(task: data.task, data: data.data, tasks: data.tasks)
    packing.mainMetric = evaluation.mainMetric
    packing.metrics = evaluation.metrics
    return packing
  }
}
