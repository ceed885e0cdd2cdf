public import GraftAdapterFiles

/// The files of a task: where they are, and how they are read.
public struct TaskFiles: Sendable, Equatable {
  /// The task's name.
  public let name: String
  /// The task's name in reports.
  public let title: String
  /// The folder within the cache's `tasks` folder and, for GLUE's tasks, within `$GLUE_DIR`; `nil` for your own data.
  public let folder: String?
  /// Whether the task belongs to GLUE.
  let isInGLUE: Bool
  /// The collection that the texts come from, if several tasks share texts: a model that was trained on one of them must not
  /// be evaluated on another.
  let sharedTexts: String?
  /// The columns.
  public let columns: AdapterTask.Columns
  /// The evaluation splits; training uses the first one.
  public let evaluationSplits: [String]
  /// The test splits, which have no labels, and GLUE's names for their predictions.
  public let testSplits: [TestSplit]
  /// The column names, if the files for training and evaluation have no header.
  let header: [String]?
  /// Whether rows that are short or lack a label are skipped, as in the official readers.
  let skipsIncomplete: Bool
  /// The name of the bundled sample that is used when the real data is unavailable, if there is one.
  let sample: String?

  /// A test split, which has no labels.
  public struct TestSplit: Sendable, Equatable, Encodable {
    /// The file's name without its extension.
    public let split: String
    /// The name of the predictions file, without its extension.
    public let submission: String
  }

  init(
    name: String, title: String, folder: String? = nil, isInGLUE: Bool = false, sharedTexts: String? = nil,
    columns: AdapterTask.Columns,
    evaluationSplits: [String] = ["dev"], testSplits: [TestSplit] = [], header: [String]? = nil,
    skipsIncomplete: Bool = false, sample: String? = nil
  ) {
    self.name = name
    self.title = title
    self.folder = folder
    self.isInGLUE = isInGLUE
    self.sharedTexts = sharedTexts
    self.columns = columns
    self.evaluationSplits = evaluationSplits
    self.testSplits = testSplits
    self.header = header
    self.skipsIncomplete = skipsIncomplete
    self.sample = sample
  }

  /// Returns the files of your own data.
  static func custom(_ columns: AdapterTask.Columns) -> TaskFiles {
    TaskFiles(name: TaskDefinition.customName, title: "your data", columns: columns)
  }
}
