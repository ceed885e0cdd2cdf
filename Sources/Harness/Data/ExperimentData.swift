/// What a run learns from and what it is measured on.
struct ExperimentData {
  let task: Task
  let source: DataSource
  let train: [Example]
  let held: [Example]
  /// What is evaluated besides, when training is over: other files of the task, by name.
  let others: [(split: String, examples: [Example])]
  /// Rows that were left out because they lack something.
  let skipped: Int
  /// Whether the evaluation examples were taken from the training file, for want of a file of their own.
  let isHeldOut: Bool

  /// Finds, reads and divides the data of a configuration.
  ///
  /// - Throws: Errors for people with file and line.
  init(_ configuration: ExperimentConfiguration) throws {
    let data = configuration.data
    let order = ExampleOrder(seed: configuration.training.seed, shuffles: data.shuffle)
    (task, source) = try Self.resolve(configuration.task, data)
    var (all, skipped) = try source.complete("train", of: task)
    guard !all.isEmpty else { throw TaskError.empty(file: source.path) }
    let splits = source.evaluationSplits(of: task)
    var held: [Example]
    // An official folder without its dev file is a mistake; one's own data, or one file, need not have one.
    guard !splits.isEmpty || !source.isFolder || task.folder == nil else {
      throw TaskError.unknownSplit(task.evaluationSplits[0], folder: source.path)
    }
    isHeldOut = splits.isEmpty
    if isHeldOut {
      guard all.count >= 2 else { throw TaskError.tooFew(file: source.path, examples: all.count) }
      let chosen = Set(order.heldOut(data.heldOut, of: all.map(\.target)))
      guard !chosen.isEmpty else { throw TaskError.nothingToHoldOut(file: source.path) }
      held = all.indices.filter { chosen.contains($0) }.map { all[$0] }
      all = all.indices.filter { !chosen.contains($0) }.map { all[$0] }
    } else {
      let complete = try source.complete(splits[0], of: task)
      (held, skipped) = (complete.examples, skipped + complete.skipped)
    }
    var others: [(split: String, examples: [Example])] = []
    for split in splits.dropFirst() {
      let complete = try source.complete(split, of: task)
      skipped += complete.skipped
      others.append((split, Array(complete.examples.prefix(data.evalLimit ?? .max))))
    }
    self.others = others
    self.skipped = skipped
    train = order.selection(of: all.count, limit: data.trainLimit).map { all[$0] }
    self.held = Array(held.prefix(data.evalLimit ?? .max))
  }

  /// The task with its columns and labels, and where its examples are.
  static func resolve(_ name: String, _ data: DataConfiguration) throws -> (Task, DataSource) {
    guard name == Task.customName else {
      let task = try Task.named(name)
      return (task, try DataSource.find(task, path: data.path))
    }
    let columns = Task.Columns(text: data.text ?? "text", textPair: data.textPair, label: data.label ?? "label")
    let numbers = Task.custom(columns, labels: [])
    let source = try DataSource.find(numbers, path: data.path)
    if data.regression { return (numbers, source) }
    return (.custom(columns, labels: try source.table("train", of: numbers).labels(in: columns.label)), source)
  }
}

/// How many examples each class has.
public struct ClassCount: Sendable, Equatable {
  /// The class's name.
  public let name: String
  /// Its training examples.
  public let count: Int

  static func count(_ examples: [Example], of task: Task) -> [ClassCount] {
    var counts = [Int](repeating: 0, count: task.labels.count)
    for example in examples where !task.isRegression { counts[example.target.label] += 1 }
    return zip(task.labelNames, counts).map { ClassCount(name: $0, count: $1) }
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
