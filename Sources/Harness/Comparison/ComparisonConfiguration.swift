/// Several trainings that are told against each other: every method on every task with every seed.
public struct ComparisonConfiguration: Sendable {
  /// The methods' labels, in the order of the file.
  public let labels: [String]
  /// The tasks' names.
  public let tasks: [String]
  /// The seeds.
  public let seeds: [UInt64]
  /// The folder for all of it.
  public let output: String
  /// One training for each task, method and seed, in this order.
  public let experiments: [ExperimentConfiguration]

  init(
    labels: [String], tasks: [String], seeds: [UInt64], output: String, experiments: [ExperimentConfiguration]
  ) {
    (self.labels, self.tasks, self.seeds, self.output) = (labels, tasks, seeds, output)
    self.experiments = experiments
  }

  /// Where a training of this comparison leaves its files.
  static func folder(_ output: String, task: String, label: String, seed: UInt64) -> String {
    let name = String(label.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "_" })
    // A name of dots alone means another folder.
    let safe = name.allSatisfy { $0 == "." } ? name.replacing(".", with: "_") : name
    return "\(output)/runs/\(task)/\(safe)/seed-\(seed)"
  }
}
