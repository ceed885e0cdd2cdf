public import GraftAdapterFiles
public import GraftObjectives

/// The definition of a task: its files and its objective.
public struct TaskDefinition: Sendable {
  /// The name used in configurations, such as `sst2`.
  public var name: String { files.name }
  /// The name used in reports, such as `SST-2`.
  public var title: String { files.title }
  /// A one-line description.
  public let summary: String
  /// The files.
  public let files: TaskFiles
  /// What is learned.
  public let objective: any Objective

  /// The columns of a table with texts and labels.
  public typealias Columns = AdapterTask.Columns

  init(_ files: TaskFiles, summary: String, objective: any Objective) {
    self.files = files
    self.summary = summary
    self.objective = objective
  }

  /// Creates a task in code, to be passed to an ``Experiment`` or registered in a ``TaskRegistry``.
  ///
  /// - Parameters:
  ///   - name: The name in configurations, run folders, and adapter files.
  ///   - title: The name in text; `nil` uses `name`.
  ///   - summary: One line that describes the task.
  ///   - columns: The columns of its files.
  ///   - objective: What is learned.
  public init(
    name: String, title: String? = nil, summary: String = "",
    columns: Columns = Columns(text: "text", label: "label"), objective: any Objective
  ) {
    self.init(TaskFiles(name: name, title: title ?? name, columns: columns), summary: summary, objective: objective)
  }

  /// The name of the task whose columns and labels come from your own data.
  public static let customName = AdapterTask.customName

  /// Returns a task for your own data.
  public static func custom(_ columns: Columns, objective: any Objective) -> TaskDefinition {
    TaskDefinition(.custom(columns), summary: objective.summary, objective: objective)
  }

  /// The columns of its files.
  public var columns: Columns { files.columns }

  /// The description of the task in an adapter file.
  public var adapterTask: AdapterTask {
    AdapterTask(name: name, labels: objective.labelNames, objective: objective.reference, columns: columns)
  }
}

extension TaskDefinition: Encodable {
  private enum Key: String, CodingKey {
    case name, title, summary, folder, columns, objective, labels, labelNames, metrics, evaluationSplits, testSplits
  }

  /// Encodes what `graft tasks --json` shows.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    try container.encode(title, forKey: .title)
    try container.encode(summary, forKey: .summary)
    try container.encodeIfPresent(files.folder, forKey: .folder)
    try container.encode(columns, forKey: .columns)
    try container.encode(type(of: objective).name, forKey: .objective)
    try container.encode(objective.labels, forKey: .labels)
    try container.encode(objective.labelNames, forKey: .labelNames)
    try container.encode(objective.metrics, forKey: .metrics)
    try container.encode(files.evaluationSplits, forKey: .evaluationSplits)
    try container.encode(files.testSplits, forKey: .testSplits)
  }
}
