public import GraftSupport

/// What is to be learnt: the columns of its files, its labels, and what counts as good.
public struct Task: Sendable, Equatable, Encodable {
  /// The name in configurations: `sst2`.
  public let name: String
  /// The name in texts: `SST-2`.
  public let title: String
  /// One line on what it asks.
  public let summary: String
  /// The folder within `$GLUE_DIR`.
  public let folder: String
  /// The column with the text.
  public let textColumn: String
  /// The column with the label.
  public let labelColumn: String
  /// The labels as files write them; a label's class is its place here.
  public let labels: [String]
  /// What the labels mean, in the same order.
  public let labelNames: [String]
  /// The resource that stands in for the real data, where there is one.
  let sample: String?

  /// Sentiment of film reviews. Socher et al., 2013; Wang et al., "GLUE", 2019.
  public static let sst2 = Task(
    name: "sst2", title: "SST-2", summary: "is a sentence of a film review positive or negative?", folder: "SST-2",
    textColumn: "sentence", labelColumn: "label", labels: ["0", "1"], labelNames: ["negative", "positive"],
    sample: "SampleReviews")

  /// Every task that is built in.
  public static let all = [sst2]

  /// The task of that name.
  ///
  /// - Throws: ``TaskError/unknown(_:known:)``.
  public static func named(_ name: String) throws -> Task {
    guard let task = all.first(where: { $0.name == name }) else {
      throw TaskError.unknown(name, known: all.map(\.name))
    }
    return task
  }
}

/// Why a task's data can't be used.
public enum TaskError: UserError, Equatable {
  /// There is no such task.
  case unknown(String, known: [String])
  /// A file has no example.
  case empty(file: String)
  /// A file is not UTF-8 text.
  case notUTF8(file: String, line: Int)
  /// The header lacks a column.
  case missingColumn(file: String, column: String, found: [String])
  /// A row has too few fields.
  case shortRow(file: String, line: Int, fields: Int, expected: Int)
  /// A label is none of the task's.
  case unknownLabel(file: String, line: Int, label: String, expected: [String])
  /// A split that is not there.
  case unknownSplit(String, folder: String)

  /// One line: file, line, what was found, what was expected.
  public var description: String {
    switch self {
    case .unknown(let name, let known):
      "no task named '\(name)'\(didYouMean(name, in: known)); tasks are \(known.joined(separator: ", "))"
    case .empty(let file): "\(file): the file has no examples; expected a header and a row for each"
    case .notUTF8(let file, let line): "\(file):\(line): the line is not valid UTF-8; convert the file to UTF-8"
    case .missingColumn(let file, let column, let found):
      "\(file):1: no column '\(column)'\(didYouMean(column, in: found)); the header has "
        + found.map { "'\($0)'" }.joined(separator: ", ")
    case .shortRow(let file, let line, let fields, let expected):
      "\(file):\(line): the row has \(fields) field\(fields == 1 ? "" : "s"), expected \(expected) separated by tabs"
    case .unknownLabel(let file, let line, let label, let expected):
      "\(file):\(line): label '\(label)' is none of the task's classes, which are \(expected.joined(separator: ", "))"
    case .unknownSplit(let split, let folder): "\(folder) has no \(split).tsv; splits are files such as dev.tsv"
    }
  }
}
