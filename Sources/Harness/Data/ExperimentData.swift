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
    let declared: TaskDefinition
    (declared, source) =
      try definition.map { ($0, try DataSource.find($0, path: data.path)) } ?? Self.resolve(configuration.task, data)
    let index = try ExampleIndex(
      source.file("train", of: declared), task: declared,
      collectsLabels: definition == nil && declared.folder == nil && !data.regression)
    task = index.task
    guard index.total > 0 else { throw TableError.empty(file: source.path) }
    let splits = try source.evaluationSplits(of: task)
    // An official folder must have its dev file; your own data, or a single file, need not have one.
    guard !splits.isEmpty || !source.isFolder || task.folder == nil else {
      throw TaskError.unknownSplit(task.evaluationSplits[0], folder: source.path)
    }
    var skipped = index.skipped
    if let split = splits.first {
      evaluation = .file(try source.file(split, of: task).path, isTest: SplitFiles.test.contains(split))
      let dev = try ExampleIndex(source.file(split, of: task), task: task, limit: data.evalLimit)
      skipped += dev.skipped
      evaluationSet = dev.all
      train = index.selection(order.selection(of: index.total, limit: data.trainLimit))
    } else {
      evaluation = .heldOut
      guard index.total >= 2 else { throw TaskError.tooFew(file: source.path, examples: index.total) }
      let isHeldOut = order.heldOut(data.heldOut, of: index.total, classes: index.classes)
      guard isHeldOut.contains(true) else { throw TaskError.nothingToHoldOut(file: source.path) }
      evaluationSet = index.selection(isHeldOut.indices.lazy.filter { isHeldOut[$0] }.prefix(data.evalLimit ?? .max))
      let rest = isHeldOut.indices.filter { !isHeldOut[$0] }.map { UInt32($0) }
      train = index.selection(order.selection(of: rest.count, limit: data.trainLimit).lazy.map { Int(rest[$0]) })
    }
    var others: [(split: String, examples: ExampleSelection)] = []
    for split in splits.dropFirst() {
      let other = try ExampleIndex(source.file(split, of: task), task: task, limit: data.evalLimit)
      skipped += other.skipped
      others.append((split, other.all))
    }
    self.others = others
    self.skipped = skipped
    let unused = try source.unusedFiles(of: task, reading: [source.name(of: "train", for: task)] + splits)
    notes =
      [DataSource.note(unusedFiles: unused)].compactMap { $0 }
      + (declared.folder == nil ? notesOnSimilarLabels(task.labels) : [])
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
      let classes = task.isRegression ? [] : all.map { UInt32($0.target.label) }
      let isHeldOut = order.heldOut(data.heldOut, of: all.count, classes: classes)
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

  /// Returns the task with its columns, and its data source. The labels of your own data are not collected yet.
  static func resolve(_ name: String, _ data: DataConfiguration) throws -> (TaskDefinition, DataSource) {
    let task =
      name == TaskDefinition.customName
      ? TaskDefinition.custom(
        TaskDefinition.Columns(text: data.text ?? "text", textPair: data.textPair, label: data.label ?? "label"),
        labels: [])
      : try TaskDefinition.named(name)
    return (task, try DataSource.find(task, path: data.path))
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

/// The number of training examples of a class.
public struct ClassCount: Sendable, Equatable {
  /// The class's name.
  public let name: String
  /// The number of training examples.
  public let count: Int

  static func count(_ examples: ExampleSelection) -> [ClassCount] {
    guard !examples.task.isRegression else { return [] }
    return zip(examples.task.labelNames, examples.classCounts).map { ClassCount(name: $0, count: $1) }
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
