/// The outputs and targets of an evaluation, from which a bootstrap resamples.
struct EvaluationRecord: Codable, Sendable, Equatable {
  /// The model's outputs, one array per example.
  let outputs: [[Float]]
  /// The classes, for classification.
  let labels: [Int]?
  /// The numbers, for regression.
  let values: [Float]?

  init(outputs: [[Float]], targets: [Target]) {
    self.outputs = outputs
    let isRegression = if case .value? = targets.first { true } else { false }
    labels = isRegression ? nil : targets.map(\.label)
    values = isRegression ? targets.map(\.value) : nil
  }

  /// Whether a run could have written the record: finite outputs of equal size, one per target, and valid classes.
  var isPlausible: Bool {
    guard let width = outputs.first?.count, width > 0, outputs.count == targets.count else { return false }
    return outputs.allSatisfy { $0.count == width && $0.allSatisfy(\.isFinite) }
      && (labels ?? []).allSatisfy { outputs[0].indices.contains($0) } && (values ?? []).allSatisfy(\.isFinite)
  }

  var targets: [Target] { labels?.map(Target.label) ?? values?.map(Target.value) ?? [] }
}
