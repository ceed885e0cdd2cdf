import GraftSupport

extension TaskError {
  /// One line: the file and line, what was found, and what was expected.
  public var description: String { fileDescription ?? exampleDescription }

  /// The description of an error in the choice of a task or of its files; `nil` for other errors.
  private var fileDescription: String? {
    switch self {
    case .needsData(let task):
      "task '\(task)' needs your own data; name a file or folder (data.path, or --data on the command line)"
    case .noTestFiles(let task):
      "task '\(task)' has no test files; pass the texts with --input FILE"
    case .unknownSplit(let split, let folder):
      "\(folder) has no file for the split \(quoted(split)); expected a file such as dev.tsv "
        + "that ends in .\(TableFormat.labeledExtensions)"
    case .noTrainingFile(let folder, let found):
      "\(folder) has no training file such as train.csv; "
        + (found.isEmpty
          ? "the folder is empty"
          : "it has \(listed(found)); rename the file to 'train' plus its extension, or set data.path to the file or its folder")
    case .ambiguousSplit(let split, let folder, let files):
      "\(folder) has several files for \(quoted(split)): \(listed(files, joinedBy: " and ")); keep one of them, or join them"
    case .plainLines(let file):
      "\(file): plain lines of text have no labels; expected a .\(TableFormat.labeledExtensions) file"
    case .tooManyRows(let file, let limit):
      "\(file): the table has more than \(limit) rows, the maximum; split the file"
    case .part(let file, let parts):
      "\(file): by its name, the file is one of \(parts) parts, which cannot be used separately; join them into one file"
    case .nothingToHoldOut(let file):
      "\(file): every label has only one example, so none can be held out for evaluation; add a dev file or more examples"
    case .tooFew(let file, let examples):
      "\(file): expected at least 2 examples, to hold some out for evaluation, got \(examples); "
        + "add a dev file or more examples"
    default: nil
    }
  }

  /// The description of an error in the examples.
  private var exampleDescription: String {
    switch self {
    case .classes(let file, let column, let count, let expected):
      "\(file): column \(quoted(column)) has "
        + (count > expected.upperBound ? "more than \(expected.upperBound)" : "\(count)")
        + " different label\(count == 1 ? "" : "s"), expected \(expected.lowerBound) to \(expected.upperBound); is it the "
        + "right column?"
    case .badExample(let place, let reason): "\(place): \(reason)"
    case .target(let file, let line, let reason): "\(file):\(line): \(reason)"
    case .longLabel(let file, let line, let column, let limit):
      "\(file):\(line): the label in \(quoted(column)) has more than \(limit) bytes, the maximum; is it the right column?"
    case .equivalentLabel(let file, let line, let label):
      "\(file):\(line): label \(quoted(label)) appears in two Unicode forms that look the same; normalize the labels, in "
        + "Python with unicodedata.normalize('NFC', …)"
    default: "the data cannot be used"
    }
  }
}
