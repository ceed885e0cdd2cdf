public import GraftAdapterFiles

/// The definition of a task: the columns of its files, its labels, and its metrics.
public struct TaskDefinition: Sendable, Equatable, Encodable {
  /// The name used in configurations, such as `sst2`.
  public let name: String
  /// The name used in reports, such as `SST-2`.
  public let title: String
  /// A one-line description.
  public let summary: String
  /// The folder within `$GLUE_DIR`, or `nil` for your own data.
  public let folder: String?
  /// The columns of its files.
  public let columns: Columns
  /// The labels as written in files; a label's index is its class. Empty for regression.
  public let labels: [String]
  /// The meaning of the labels, in the same order; for regression, the meaning of the number.
  public let labelNames: [String]
  /// The metrics; runs are compared by the first one.
  public let metrics: [Metric]
  /// The evaluation splits; training uses the first one.
  public let evaluationSplits: [String]
  /// The test splits, which have no labels, and GLUE's names for their predictions.
  public let testSplits: [TestSplit]
  /// How its files differ from complete tables with a header.
  let layout: Layout
  /// The name of the bundled sample that is used when the real data is unavailable, if there is one.
  let sample: String?

  /// The columns of a table with texts and labels.
  public typealias Columns = AdapterTask.Columns

  /// A test split, which has no labels.
  public struct TestSplit: Sendable, Equatable, Encodable {
    /// The file's name without its extension.
    public let split: String
    /// The name of the predictions file, without its extension.
    public let submission: String
  }

  /// How files differ from complete tables with a header.
  struct Layout: Sendable, Equatable, Encodable {
    /// The column names, if the files for training and evaluation have no header.
    var header: [String]?
    /// Whether rows that are short or lack a label are skipped, as in the official readers.
    var skipsIncomplete = false
    /// The allowed range of regression targets; `nil` for classification.
    var numbers: ClosedRange<Double>?
  }

  init(
    name: String, title: String, summary: String, folder: String?, columns: Columns, labels: [String],
    labelNames: [String], metrics: [Metric], evaluationSplits: [String] = ["dev"], testSplits: [TestSplit] = [],
    layout: Layout = Layout(), sample: String? = nil
  ) {
    self.name = name
    self.title = title
    self.summary = summary
    self.folder = folder
    self.columns = columns
    self.labels = labels
    self.labelNames = labelNames
    self.metrics = metrics
    self.evaluationSplits = evaluationSplits
    self.testSplits = testSplits
    self.layout = layout
    self.sample = sample
  }

  /// The number of model outputs, C: one per class, or one for regression.
  public var outputs: Int { labelNames.count }
  /// Whether the target is a number rather than a class.
  public var isRegression: Bool { outputs == 1 }

  /// The name of the task whose columns and labels come from your own data.
  public static let customName = AdapterTask.customName

  /// Returns a task for your own data. The labels are those of the files; without labels the task is regression.
  public static func custom(_ columns: Columns, labels: [String]) -> TaskDefinition {
    let isRegression = labels.isEmpty || labels == [columns.label]
    return TaskDefinition(
      name: customName, title: "your data",
      summary: isRegression ? "a number to predict" : "your own classes", folder: nil, columns: columns,
      labels: isRegression ? [] : labels, labelNames: isRegression ? [columns.label] : labels,
      metrics: isRegression ? [.pearson, .spearman] : [.accuracy],
      layout: Layout(numbers: isRegression ? -1e30...1e30 : nil))
  }

  /// The description of the task in an adapter file.
  public var adapterTask: AdapterTask { AdapterTask(name: name, labels: labelNames, columns: columns) }

  /// All names that a configuration accepts.
  static var names: [String] { all.map(\.name) + [customName] }

  /// Returns the built-in task with the given name.
  ///
  /// - Throws: ``TaskError/unknown(_:known:)``.
  public static func named(_ name: String) throws -> TaskDefinition {
    guard let task = all.first(where: { $0.name == name }) else { throw TaskError.unknown(name, known: names) }
    return task
  }
}
