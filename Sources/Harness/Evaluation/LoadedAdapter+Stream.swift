public import GraftInference
import GraftObjectives

extension LoadedAdapter {
  /// Answers texts as they are read, so that memory use does not grow with the number of texts.
  ///
  /// - Parameters:
  ///   - input: The texts. If it also has labels, they become the predictions' ``Prediction/gold``.
  ///   - tasks: The tasks that have names.
  ///   - body: Called with the predictions for the texts that are available so far, in input order; returns whether to continue.
  /// - Throws: ``PredictionError/pairs(expected:)`` if pairs are given to an adapter for single texts, or the reverse; errors in
  ///   reading the input, after `body` has received the predictions for all earlier texts; errors of `body`.
  public func predict(
    _ input: inout TextInput, tasks: TaskRegistry = .builtIn, _ body: ([Prediction]) throws -> Bool
  ) throws {
    let objective = makeTask(tasks).objective
    var count = 0
    while let texts = try input.next() {
      var predictions = try predict(texts, from: count)
      for (index, label) in input.labels.enumerated() {
        predictions[index].gold = label.map { named($0, by: objective) }
      }
      count += texts.count
      guard try body(predictions) else { return }
    }
  }

  /// Returns a label of a file with the names that predictions have, such as `positive` for `1`. A label that the adapter does not
  /// know stays as it is.
  private func named(_ field: TargetField, by objective: any Objective) -> TargetField {
    guard let target = try? objective.target(field), !target.labels.isEmpty else { return field }
    let names = target.labels.map { objective.labelNames[$0] }
    return field.list == nil ? TargetField(names[0]) : TargetField(list: names)
  }
}
