import GraftObjectives

/// The outputs and targets of an evaluation, from which a bootstrap resamples.
package struct EvaluationRecord: Codable, Sendable, Equatable {
  /// The model's outputs, one array per example.
  let outputs: [[Float]]
  /// The targets that are classes.
  private let labels: [Int]?
  /// The targets that are numbers.
  private let values: [Float]?
  /// The targets that are several labels.
  private let labelLists: [[Int]]?
  /// The targets that are several numbers.
  private let valueLists: [[Float]]?

  private enum CodingKeys: String, CodingKey {
    case outputs, labels, values
    case labelLists = "label_lists"
    case valueLists = "value_lists"
  }

  /// Creates a record. All targets of an objective have the same form.
  init(outputs: [[Float]], targets: [Target]) {
    self.outputs = outputs
    func all<Content>(_ content: (Target) -> Content?) -> [Content]? {
      let contents = targets.compactMap(content)
      return contents.count == targets.count && !targets.isEmpty ? contents : nil
    }
    labels = all { if case .label(let label) = $0 { label } else { nil } }
    values = all { if case .value(let value) = $0 { value } else { nil } }
    labelLists = all { if case .labels(let labels) = $0 { labels } else { nil } }
    valueLists = all { if case .values(let values) = $0 { values } else { nil } }
  }

  /// The targets.
  var targets: [Target] {
    labels?.map(Target.label) ?? values?.map(Target.value) ?? labelLists?.map(Target.labels)
      ?? valueLists?.map(Target.values) ?? []
  }

  /// Whether a run could have written the record: one target per example, and finite numbers.
  var isPlausible: Bool {
    guard !outputs.isEmpty, outputs.count == targets.count else { return false }
    return outputs.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isFinite) }
  }

  /// Whether the targets are those of an objective, so that its metrics can be computed.
  func belongs(to objective: any Objective) -> Bool {
    targets.allSatisfy { (try? objective.check($0)) != nil }
      && (objective.rows != .firstTokens || outputs.allSatisfy { $0.count == objective.outputCount })
  }
}
