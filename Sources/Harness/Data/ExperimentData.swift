/// What a run learns from and what it is measured on. Texts are read when they are encoded.
package struct ExperimentData {
  let task: TaskDefinition
  let source: DataSource
  /// What is trained on, in the order of the first draw.
  package let train: ExampleSelection
  /// What is evaluated on.
  package let evaluationSet: ExampleSelection
  /// What is evaluated besides, when training is over: other files of the task, by name.
  let others: [(split: String, examples: ExampleSelection)]
  /// Rows that were left out because they lack something.
  let skipped: Int
  /// Where the evaluation examples come from.
  let evaluation: EvaluationOrigin
  /// What people should know about the data, a sentence each.
  let notes: [String]

  /// Finds, checks and divides the data of a configuration.
  ///
  /// - Throws: Errors for people with file and line.
  package init(_ configuration: ExperimentConfiguration) throws {
    let data = configuration.data
    let order = ExampleOrder(seed: configuration.training.seed, shuffles: data.shuffle)
    let declared: TaskDefinition
    (declared, source) = try Self.resolve(configuration.task, data)
    let index = try ExampleIndex(
      source.file("train", of: declared), task: declared,
      findsLabels: declared.folder == nil && !data.regression)
    task = index.task
    guard index.total > 0 else { throw TaskError.empty(file: source.path) }
    let splits = try source.evaluationSplits(of: task)
    // An official folder without its dev file is a mistake; your own data, or one file, need not have one.
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
      let isHeld = order.heldOut(data.heldOut, of: index)
      guard isHeld.contains(true) else { throw TaskError.nothingToHoldOut(file: source.path) }
      evaluationSet = index.selection(isHeld.indices.lazy.filter { isHeld[$0] }.prefix(data.evalLimit ?? .max))
      let rest = isHeld.indices.filter { !isHeld[$0] }.map { UInt32($0) }
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
      + (declared.folder == nil ? alikeLabels(task.labels) : [])
  }

  /// The task with its columns, and where its examples are. The labels of your own data are not looked for.
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

/// Where the examples to evaluate on come from.
public enum EvaluationOrigin: Sendable, Equatable {
  /// A file of the folder.
  case file(String, isTest: Bool)
  /// The training file, because there is no other.
  case heldOut
}

/// How many examples each class has.
public struct ClassCount: Sendable, Equatable {
  /// The class's name.
  public let name: String
  /// Its training examples.
  public let count: Int

  static func count(_ examples: ExampleSelection) -> [ClassCount] {
    guard !examples.task.isRegression else { return [] }
    return zip(examples.task.labelNames, examples.classCounts).map { ClassCount(name: $0, count: $1) }
  }
}

/// How long the training examples are, in tokens.
public struct LengthStatistics: Sendable, Equatable {
  /// The mean, after truncation.
  public let mean: Double
  /// The longest, after truncation.
  public let longest: Int
  /// How many were truncated.
  public let truncated: Int
}
