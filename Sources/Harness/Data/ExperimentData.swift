/// The training and evaluation data of a run. Texts are read when they are encoded.
package struct ExperimentData {
  let task: TaskDefinition
  let source: DataSource
  /// The training examples, shuffled once unless shuffling is off.
  package let train: ExampleSelection
  /// The evaluation set.
  package let evaluationSet: ExampleSelection
  /// The task's other evaluation sets, by split, which are evaluated after training.
  let others: [(split: String, examples: ExampleSelection)]
  /// The number of rows skipped because they are incomplete.
  let skipped: Int
  /// The origin of the evaluation examples.
  let evaluation: EvaluationOrigin
  /// Notes about the data for the user, one sentence each.
  let notes: [String]

  /// Finds, checks, and splits the data of a configuration.
  ///
  /// - Parameters:
  ///   - configuration: The configuration.
  ///   - definition: The task; `nil` looks it up by the configuration's name.
  /// - Throws: `FileError`, or ``TableError`` or ``TaskError`` with file and line.
  package init(_ configuration: ExperimentConfiguration, task definition: TaskDefinition? = nil) throws {
    let data = configuration.data
    let order = ExampleOrder(seed: configuration.training.seed, shuffles: data.shuffle)
    let declared = try definition.map(DeclaredTask.defined) ?? DeclaredTask(configuration)
    let files = declared.files
    source = try DataSource.find(files, path: data.path)
    let index = try declared.index(source.file("train", of: files))
    task = index.task
    guard index.total > 0 else { throw TableError.empty(file: source.path) }
    let splits = try source.evaluationSplits(of: files)
    // An official folder must have its dev file; your own data, or a single file, need not have one.
    guard !splits.isEmpty || !source.isFolder || files.folder == nil else {
      throw TaskError.unknownSplit(files.evaluationSplits[0], folder: source.path)
    }
    var skipped = index.skipped
    if let split = splits.first {
      evaluation = .file(try source.file(split, of: files).path, isTest: SplitFiles.test.contains(split))
      let dev = try ExampleIndex(source.file(split, of: files), task: task, limit: data.evalLimit)
      skipped += dev.skipped
      evaluationSet = dev.all
      train = index.selection(order.selection(of: index.total, limit: data.trainLimit))
    } else {
      evaluation = .heldOut
      guard index.total >= 2 else { throw TaskError.tooFew(file: source.path, examples: index.total) }
      let isHeldOut = order.heldOut(
        data.heldOut, of: index.total, groups: index.targets.groups(task.objective))
      guard isHeldOut.contains(true) else { throw TaskError.nothingToHoldOut(file: source.path) }
      evaluationSet = index.selection(isHeldOut.indices.lazy.filter { isHeldOut[$0] }.prefix(data.evalLimit ?? .max))
      let rest = isHeldOut.indices.filter { !isHeldOut[$0] }.map { UInt32($0) }
      train = index.selection(order.selection(of: rest.count, limit: data.trainLimit).lazy.map { Int(rest[$0]) })
    }
    var others: [(split: String, examples: ExampleSelection)] = []
    for split in splits.dropFirst() {
      let other = try ExampleIndex(source.file(split, of: files), task: task, limit: data.evalLimit)
      skipped += other.skipped
      others.append((split, other.all))
    }
    self.others = others
    self.skipped = skipped
    let unused = try source.unusedFiles(of: files, reading: [source.name(of: "train", for: files)] + splits)
    notes =
      [DataSource.note(unusedFiles: unused)].compactMap { $0 }
      + (files.folder == nil ? notesOnSimilarLabels(task.objective.labels) : [])
  }

  /// Checks and splits examples in memory.
  ///
  /// - Throws: ``TaskError`` for examples that do not belong to the task, or for too few examples.
  package init(_ configuration: ExperimentConfiguration, task: TaskDefinition, examples: ExampleSet) throws {
    let data = configuration.data
    let order = ExampleOrder(seed: configuration.training.seed, shuffles: data.shuffle)
    try examples.check(task)
    self.task = task
    source = .memory
    let all = examples.train
    if let given = examples.evaluation {
      evaluation = .memory
      evaluationSet = ExampleSelection(Array(given.prefix(data.evalLimit ?? .max)), task: task)
      train = ExampleSelection(order.selection(of: all.count, limit: data.trainLimit).map { all[$0] }, task: task)
    } else {
      evaluation = .heldOut
      guard all.count >= 2 else { throw TaskError.tooFew(file: source.description, examples: all.count) }
      let targets = TargetIndex(all.map(\.target), for: task.objective)
      let isHeldOut = order.heldOut(data.heldOut, of: all.count, groups: targets.groups(task.objective))
      guard isHeldOut.contains(true) else { throw TaskError.nothingToHoldOut(file: source.description) }
      let heldOut = isHeldOut.indices.filter { isHeldOut[$0] }.prefix(data.evalLimit ?? .max)
      evaluationSet = ExampleSelection(heldOut.map { all[$0] }, task: task)
      let rest = isHeldOut.indices.filter { !isHeldOut[$0] }
      train = ExampleSelection(
        order.selection(of: rest.count, limit: data.trainLimit).map { all[rest[$0]] }, task: task)
    }
    others = []
    skipped = 0
    notes = []
  }
}

/// The origin of the evaluation examples.
public enum EvaluationOrigin: Sendable, Equatable {
  /// A file of the data folder.
  case file(String, isTest: Bool)
  /// Held out from the training examples, because there are no others to evaluate on.
  case heldOut
  /// Examples in memory.
  case memory
}

/// The number of training examples with a label.
public struct LabelCount: Sendable, Equatable {
  /// The label's name.
  public let name: String
  /// The number of training examples.
  public let count: Int

  static func count(_ examples: ExampleSelection) -> [LabelCount] {
    zip(examples.task.objective.labelNames, examples.labelCounts).map { LabelCount(name: $0, count: $1) }
  }
}

/// The lengths of the training examples, in tokens.
public struct LengthStatistics: Sendable, Equatable {
  /// The mean length, after truncation.
  public let mean: Double
  /// The maximum length, after truncation.
  public let longest: Int
  /// The number of truncated examples.
  public let truncated: Int
}
