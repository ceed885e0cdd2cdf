public import GraftSupport

/// An error in a task's data.
public enum TaskError: UserError, Equatable {
  /// The task needs the user's own data, but none was given.
  case needsData(task: String)
  /// A file of plain lines was given where labels are needed.
  case plainLines(file: String)
  /// A table has more rows than are supported.
  case tooManyRows(file: String, limit: Int)
  /// A folder has several files for one split.
  case ambiguousSplit(String, folder: String, files: [String])
  /// A row's field is not a target of the task's objective.
  case target(file: String, line: Int, reason: String)
  /// A label exceeds the maximum length in bytes.
  case longLabel(file: String, line: Int, column: String, limit: Int)
  /// A label equals another one except for its Unicode normalization.
  case equivalentLabel(file: String, line: Int, label: String)
  /// The file is one of several parts of a split.
  case part(file: String, parts: Int)
  /// An example in memory does not belong to the task.
  case badExample(String, reason: String)
  /// The task has no test files.
  case noTestFiles(task: String)
  /// Every class has only one example, so none can be held out.
  case nothingToHoldOut(file: String)
  /// The objective can't have this number of distinct labels; a count above the expected ones stands for any larger number.
  case classes(file: String, column: String, count: Int, expected: ClosedRange<Int>)
  /// A folder has no file for a split.
  case unknownSplit(String, folder: String)
  /// A folder has no training file.
  case noTrainingFile(folder: String, found: [String])
  /// There are too few examples to both train and evaluate.
  case tooFew(file: String, examples: Int)
}
