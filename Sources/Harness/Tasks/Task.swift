/// What is to be learnt: the columns of its files, its labels, and what counts as good.
public struct Task: Sendable, Equatable, Encodable {
  /// The name in configurations: `sst2`.
  public let name: String
  /// The name in texts: `SST-2`.
  public let title: String
  /// One line on what it asks.
  public let summary: String
  /// The folder within `$GLUE_DIR`, or `nil` for data of one's own.
  public let folder: String?
  /// The columns of its files.
  public let columns: Columns
  /// The labels as files write them; a label's class is its place here.
  public let labels: [String]
  /// What the labels mean, in the same order.
  public let labelNames: [String]
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
      (self.text, self.textPair, self.label) = (text, textPair, label)
    }

    private enum CodingKeys: String, CodingKey {
      case text, label
      case textPair = "text_pair"
    }
  }

  /// Sentiment of film reviews. Socher et al., 2013; Wang et al., "GLUE", 2019.
  public static let sst2 = Task(
    name: "sst2", title: "SST-2", summary: "is a sentence of a film review positive or negative?", folder: "SST-2",
    columns: Columns(text: "sentence", label: "label"), labels: ["0", "1"], labelNames: ["negative", "positive"],
    sample: "SampleReviews")

  /// Every task that is built in.
  public static let all = [sst2]

  /// The name of a task whose columns and labels come from one's own data.
  public static let customName = "custom"

  /// A task over one's own data: labels are what the files call them.
  public static func custom(_ columns: Columns, labels: [String]) -> Task {
    Task(
      name: customName, title: "own data", summary: "classes of one's own", folder: nil, columns: columns,
      labels: labels, labelNames: labels, sample: nil)
  }

  /// Every name that a configuration may give.
  static var names: [String] { all.map(\.name) + [customName] }

  /// The built-in task of that name.
  ///
  /// - Throws: ``TaskError/unknown(_:known:)``.
  public static func named(_ name: String) throws -> Task {
    guard let task = all.first(where: { $0.name == name }) else { throw TaskError.unknown(name, known: names) }
    return task
  }
}
