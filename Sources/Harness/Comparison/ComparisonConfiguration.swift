/// The configuration of a comparison: every method on every task with every seed.
public struct ComparisonConfiguration: Sendable {
  /// The methods' labels, in the order of the file.
  public let labels: [String]
  /// The tasks' names.
  public let tasks: [String]
  /// The seeds.
  public let seeds: [UInt64]
  /// The folder of the comparison.
  public let output: String
  /// One experiment per task, method, and seed, nested in this order.
  public let experiments: [ExperimentConfiguration]

  /// Creates a comparison of experiments, each repeated with every seed.
  ///
  /// - Parameters:
  ///   - experiments: One configuration per task and method, with different labels within a task.
  ///   - seeds: The seeds, which replace those of the experiments.
  ///   - output: The folder of the comparison, which contains the runs' folders.
  public init(_ experiments: [ExperimentConfiguration], seeds: [UInt64] = [42], output: String) {
    func unique(_ names: [String]) -> [String] {
      var seen: Set<String> = []
      return names.filter { seen.insert($0).inserted }
    }
    self.init(
      labels: unique(experiments.map(\.label)), tasks: unique(experiments.map(\.task)), seeds: seeds, output: output,
      experiments: experiments.flatMap { experiment in
        seeds.map { seed in
          var run = experiment
          run.training.seed = seed
          run.output = Self.folder(output, task: experiment.task, label: experiment.label, seed: seed)
          return run
        }
      })
  }

  init(
    labels: [String], tasks: [String], seeds: [UInt64], output: String, experiments: [ExperimentConfiguration]
  ) {
    self.labels = labels
    self.tasks = tasks
    self.seeds = seeds
    self.output = output
    self.experiments = experiments
  }

  /// Returns the folder of one run of a comparison.
  static func folder(_ output: String, task: String, label: String, seed: UInt64) -> String {
    "\(output)/runs/\(task)/\(folderName(for: label))/seed-\(seed)"
  }
}

/// Returns a label as a safe folder name: characters other than letters, digits, `-`, `_`, and `.` become `_`.
func folderName(for label: String) -> String {
  var name = String(label.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "_" })
  while name.utf8.count > 200 { name.removeLast() }  // file systems allow 255 bytes
  // The names . and .. refer to other folders.
  return name.allSatisfy { $0 == "." } ? name.replacing(".", with: "_") : name
}
