/// What is to be learnt: the columns of its files, its labels, and what counts as good.
public struct TaskDefinition: Sendable, Equatable, Encodable {
  /// The name in configurations: `sst2`.
  public let name: String
  /// The name in texts: `SST-2`.
  public let title: String
  /// One line on what it asks.
  public let summary: String
  /// The folder within `$GLUE_DIR`, or `nil` for your own data.
  public let folder: String?
  /// The columns of its files.
  public let columns: Columns
  /// The labels as files write them, a label's class being its place here; none where a number is learnt.
  public let labels: [String]
  /// What the labels mean, in the same order; where a number is learnt, what the number is.
  public let labelNames: [String]
  /// What counts as good; runs are compared by the first.
  public let metrics: [Metric]
  /// The files that it is evaluated on; training looks at the first.
  public let evaluationSplits: [String]
  /// The files without labels, and what GLUE calls the answers to them.
  public let testSplits: [TestSplit]
  /// How its files depart from tables with a header and a value everywhere.
  let layout: Layout
  /// The resource that stands in for the real data, where there is one.
  let sample: String?

  /// Which columns count.
  public struct Columns: Sendable, Equatable, Codable {
    /// The text, or the first of a pair.
    public var text: String
    /// The second text of a pair.
    public var textPair: String?
    /// The label.
    public var label: String

    /// Columns by their names.
    public init(text: String, textPair: String? = nil, label: String) {
      self.text = text
      self.textPair = textPair
      self.label = label
    }

    private enum CodingKeys: String, CodingKey {
      case text, label
      case textPair = "text_pair"
    }
  }

  /// A file without labels.
  public struct TestSplit: Sendable, Equatable, Encodable {
    /// The file's name without its ending.
    public let split: String
    /// The name of the file with the answers, without its ending.
    public let submission: String
  }

  /// How files depart from tables with a header and a value everywhere.
  struct Layout: Sendable, Equatable, Encodable {
    /// The columns' names where the files for training and evaluation have no header.
    var header: [String]?
    /// Whether rows are left out that are short or have no gold label, as official readers do.
    var skipsIncomplete = false
    /// The range of the numbers that are learnt; `nil`: classes.
    var numbers: ClosedRange<Double>?
  }

  init(
    name: String, title: String, summary: String, folder: String? = nil, columns: Columns, labels: [String],
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

  /// The number of the model's outputs, C: one for each class, or one for a number.
  public var outputs: Int { labelNames.count }
  /// Whether a number is learnt.
  public var isRegression: Bool { outputs == 1 }

  /// The name of a task whose columns and labels come from your own data.
  public static let customName = "custom"

  /// A task over your own data: labels are what the files call them; without any a number is learnt.
  public static func custom(_ columns: Columns, labels: [String]) -> TaskDefinition {
    let isRegression = labels.isEmpty || labels == [columns.label]
    return TaskDefinition(
      name: customName, title: "own data",
      summary: isRegression ? "a number to learn" : "your own classes", columns: columns,
      labels: isRegression ? [] : labels, labelNames: isRegression ? [columns.label] : labels,
      metrics: isRegression ? [.pearson, .spearman] : [.accuracy],
      layout: Layout(numbers: isRegression ? -1e30...1e30 : nil))
  }

  /// Every name that a configuration may give.
  static var names: [String] { all.map(\.name) + [customName] }

  /// The built-in task of that name.
  ///
  /// - Throws: ``TaskError/unknown(_:known:)``.
  public static func named(_ name: String) throws -> TaskDefinition {
    guard let task = all.first(where: { $0.name == name }) else { throw TaskError.unknown(name, known: names) }
    return task
  }
}
