public import GraftSupport

/// Why a task's data can't be used.
public enum TaskError: UserError, Equatable {
  /// There is no such task.
  case unknown(String, known: [String])
  /// A task over one's own data, but no data.
  case needsData(task: String)
  /// A file's name does not say how to read it.
  case unknownFormat(file: String)
  /// A format that is not read.
  case noSuchFormat(String, known: [String])
  /// A file has no example.
  case empty(file: String)
  /// A file is not UTF-8 text.
  case notUTF8(file: String, line: Int)
  /// A line of a JSONL file is no JSON object.
  case notJSON(file: String, line: Int, reason: String)
  /// A quotation mark of a CSV file has no partner.
  case openQuote(file: String, line: Int)
  /// A closing quotation mark of a CSV file is followed by text.
  case textBehindQuote(file: String, line: Int)
  /// The file lacks a column.
  case missingColumn(file: String, column: String, found: [String])
  /// Two columns have one name.
  case duplicateColumn(file: String, column: String)
  /// There are more columns than a table has.
  case tooManyColumns(file: String, limit: Int)
  /// A folder has one split twice.
  case ambiguousSplit(String, folder: String, files: [String])
  /// One text was given where the adapter compares two, or two where it reads one.
  case pairs(expected: Bool)
  /// A row has too few fields.
  case shortRow(file: String, line: Int, fields: Int, expected: Int)
  /// A row has too many fields.
  case longRow(file: String, line: Int, fields: Int, expected: Int)
  /// A row has no value in a column.
  case noValue(file: String, line: Int, column: String)
  /// A label is none of the task's.
  case unknownLabel(file: String, line: Int, label: String, expected: [String])
  /// The task has no files without labels.
  case noTestFiles(task: String)
  /// Every class has one example only.
  case nothingToHoldOut(file: String)
  /// A value should be a number.
  case noNumber(file: String, line: Int, text: String, range: ClosedRange<Double>?)
  /// The training examples do not have labels to tell apart.
  case classes(file: String, column: String, count: Int, limit: Int)
  /// A split that is not there.
  case unknownSplit(String, folder: String)
  /// Nothing is left to train on or to evaluate on.
  case tooFew(file: String, examples: Int)

  /// One line: file, line, what was found, what was expected.
  public var description: String {
    switch self {
    case .unknown(let name, let known):
      "no task named '\(name)'\(didYouMean(name, in: known)); tasks are \(known.joined(separator: ", "))"
    case .needsData(let task):
      "task '\(task)' is over data of your own; name a file or folder (data.path, or --data on the command line)"
    case .unknownFormat(let file):
      "\(file): the name does not say what the file is, expected one that ends in .tsv, .csv, .jsonl or .txt"
    case .noSuchFormat(let name, let known):
      "no format named '\(name)'\(didYouMean(name, in: known)); formats are \(known.joined(separator: ", "))"
    case .empty(let file):
      "\(file): the file has no examples, expected at least one behind the header (JSON lines have none)"
    case .notUTF8(let file, let line): "\(file):\(line): the line is not valid UTF-8; convert the file to UTF-8"
    case .notJSON(let file, let line, let reason): "\(file):\(line): not one JSON object: \(reason)"
    case .openQuote(let file, let line):
      "\(file):\(line): the quotation mark that opens a field is never closed; write marks within a field twice"
    case .textBehindQuote(let file, let line):
      "\(file):\(line): text follows a closing quotation mark; write marks within a field twice"
    case .missingColumn(let file, let column, let found):
      "\(file):1: no column '\(column)'\(didYouMean(column, in: found)); the file has "
        + found.map { "'\($0)'" }.joined(separator: ", ")
    case .duplicateColumn(let file, let column):
      "\(file):1: two columns are called '\(column)'; give one of them another name"
    case .tooManyColumns(let file, let limit): "\(file): more than \(limit) different columns; is it the right file?"
    case .ambiguousSplit(let split, let folder, let files):
      "\(folder) has \(files.joined(separator: " and ")) for '\(split)'; keep one of them"
    case .pairs(true): "the adapter was trained on pairs of texts; give a second one with --pair or --pair-column"
    case .pairs(false): "the adapter was trained on single texts; leave the second one out"
    case .shortRow(let file, let line, let fields, let expected):
      "\(file):\(line): the row has \(fields) field\(fields == 1 ? "" : "s"), expected \(expected)"
    case .longRow(let file, let line, let fields, let expected):
      "\(file):\(line): the row has \(fields) fields, expected \(expected); a comma or tab too many moves the label; put CSV texts with commas in quotation marks"
    case .noValue(let file, let line, let column): "\(file):\(line): there is no value for '\(column)'"
    case .unknownLabel(let file, let line, let label, let expected):
      "\(file):\(line): label '\(label)' is none of the task's classes, which are "
        + expected.prefix(12).joined(separator: ", ") + (expected.count > 12 ? " and \(expected.count - 12) more" : "")
    case .noTestFiles(let task):
      "task '\(task)' has no test files; give the texts with --input FILE"
    case .nothingToHoldOut(let file):
      "\(file): every class has one example only, so none can be held out to evaluate on; add a dev file or more examples"
    case .noNumber(let file, let line, let text, let range):
      "\(file):\(line): '\(text)' is no number"
        + (range.map { $0.upperBound < 1e30 ? " from \($0.lowerBound) to \($0.upperBound)" : "" } ?? "")
        + "; the task learns a number, not a class"
    case .classes(let file, let column, let count, let limit):
      "\(file): column '\(column)' has \(count) different label\(count == 1 ? "" : "s"), expected 2 to \(limit); "
        + "is it the right column?"
    case .unknownSplit(let split, let folder):
      "\(folder) has no \(split).tsv, \(split).csv or \(split).jsonl; splits are files such as dev.tsv"
    case .tooFew(let file, let examples):
      "\(file): \(examples) example\(examples == 1 ? "" : "s"), too few to hold some out; add a dev file or more examples"
    }
  }
}
