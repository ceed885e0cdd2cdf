import GraftObjectives

/// Training and evaluation examples in memory.
public struct ExampleSet: Sendable, Equatable {
  /// The training examples.
  public var train: [Example]
  /// The evaluation examples; `nil` holds out a fraction of the training examples, see ``DataConfiguration/heldOut``.
  public var evaluation: [Example]?

  /// Creates a set of examples.
  public init(train: [Example], evaluation: [Example]? = nil) {
    self.train = train
    self.evaluation = evaluation
  }

  /// Checks that all examples belong to a task.
  ///
  /// - Throws: ``TaskError/badExample(_:reason:)`` or ``TaskError/tooFew(file:examples:)``.
  func check(_ task: TaskDefinition) throws {
    guard !train.isEmpty, evaluation?.isEmpty != true else {
      throw TaskError.tooFew(file: DataSource.memory.description, examples: 0)
    }
    for (name, examples) in [("train", train), ("evaluation", evaluation ?? [])] {
      for (index, example) in examples.enumerated() {
        if let reason = Self.problem(with: example, task) {
          throw TaskError.badExample("\(name)[\(index)]", reason: reason)
        }
      }
    }
  }

  private static func problem(with example: Example, _ task: TaskDefinition) -> String? {
    guard (example.pair != nil) == (task.columns.textPair != nil) else {
      return task.columns.textPair == nil ? "expected a single text, got a pair" : "expected a pair, got a single text"
    }
    do throws(TargetError) {
      try task.objective.check(example.target)
      return nil
    } catch {
      return error.reason
    }
  }
}
