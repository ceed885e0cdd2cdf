/// The task that an adapter was trained for, as its file describes it.
public struct AdapterTask: Sendable, Equatable {
  /// The columns of the data with texts and labels.
  public struct Columns: Sendable, Equatable, Codable {
    /// The column with the text, or with the first text of a pair.
    public var text: String
    /// The column with the second text of a pair.
    public var textPair: String?
    /// The column with the label.
    public var label: String

    /// Creates columns from their names.
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

  /// The name of a task with the user's own data.
  public static let customName = "custom"

  /// The task's name, such as `sst2` or ``customName``.
  public let name: String
  /// The names of the labels; for regression, one name for the number.
  public let labels: [String]
  /// What is learned.
  public let objective: ObjectiveReference
  /// The columns of the training data.
  public let columns: Columns

  /// Creates a task description.
  ///
  /// - Parameters:
  ///   - name: The task's name.
  ///   - labels: The names of the labels; for regression, one name for the number.
  ///   - objective: What is learned; `nil` means regression for one label and classification for several.
  ///   - columns: The columns of the training data.
  public init(
    name: String = AdapterTask.customName, labels: [String], objective: ObjectiveReference? = nil, columns: Columns
  ) {
    self.name = name
    self.labels = labels
    self.objective = objective ?? .implied(by: labels)
    self.columns = columns
  }
}
