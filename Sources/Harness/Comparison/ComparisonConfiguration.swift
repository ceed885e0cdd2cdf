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
    self.labels = labels
    self.tasks = tasks
    self.seeds = seeds
    self.output = output
    self.experiments = experiments
  }

  /// Where a training of this comparison leaves its files.
  static func folder(_ output: String, task: String, label: String, seed: UInt64) -> String {
    "\(output)/runs/\(task)/\(folderName(for: label))/seed-\(seed)"
  }
}

/// A label as the name of a folder, which never means another place: letters, digits, `-`, `_`, and `.` stay.
func folderName(for label: String) -> String {
  var name = String(label.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "_" })
  while name.utf8.count > 200 { name.removeLast() }  // file systems take 255 bytes
  // A name of dots alone means another folder.
  return name.allSatisfy { $0 == "." } ? name.replacing(".", with: "_") : name
}

/// Whether a label can stand in tables and reports: some text, on one line.
func isLabel(_ label: String) -> Bool {
  !label.isEmpty
    && !label.unicodeScalars.contains {
      [.control, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
    }
}
