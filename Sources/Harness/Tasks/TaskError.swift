public import GraftSupport

/// Why a task's data can't be used.
public enum TaskError: UserError, Equatable {
  /// There is no such task.
  case unknown(String, known: [String])
  /// A task over the user's own data, but no data.
  case needsData(task: String)
  /// A file's name does not say how to read it.
  case unknownFormat(file: String)
  /// A file's name says that it is a kind of file that is not read.
  case foreignFormat(file: String, ForeignKind)
  /// A file's first bytes say so, whatever its name.
  case foreignContent(file: String, ForeignKind)
  /// A format that is not read.
  case noSuchFormat(String, known: [String])
  /// Plain lines where labels are needed.
  case plainLines(file: String)
  /// A file has no example.
  case empty(file: String)
  /// A file is text in another encoding than UTF-8.
  case encoding(file: String, Encoding)
  /// A line is not UTF-8 text.
  case notUTF8(file: String, line: Int)
  /// A line has a byte that no text has.
  case nulByte(file: String, line: Int)
  /// A line or record has more bytes than are read.
  case longRecord(file: String, line: Int, limit: Int)
  /// A list of JSON objects is not written as one.
  case notList(file: String, line: Int, reason: String)
  /// A line of a JSON lines file, or an element of a list, is not a JSON object.
  case notJSON(file: String, line: Int, reason: String)
  /// A JSON object is spread over several lines.
  case objectOverLines(file: String, line: Int)
  /// One JSON object has the examples in a list.
  case wrappedRows(file: String, member: String)
  /// One JSON object has the whole table, column by column or row by row.
  case wholeTable(file: String)
  /// A quotation mark of a CSV file has no partner, as far as a record may go where there is a limit.
  case openQuote(file: String, line: Int, limit: Int? = nil)
  /// A closing quotation mark of a CSV file is followed by text.
  case textAfterQuote(file: String, line: Int)
  /// The file lacks a column.
  case missingColumn(file: String, column: String, found: [String], hint: HeaderHint = .none)
  /// Two columns have one name.
  case duplicateColumn(file: String, column: String)
  /// There are more columns than a table has.
  case tooManyColumns(file: String, limit: Int)
  /// There are more rows than a table has.
  case tooManyRows(file: String, limit: Int)
  /// A folder has one split twice.
  case ambiguousSplit(String, folder: String, files: [String])
  /// One text was given where the adapter compares two, or two where it reads one.
  case pairs(expected: Bool)
  /// A row has too few fields.
  case shortRow(file: String, line: Int, fields: Int, expected: Int)
  /// A row has too many fields.
  case longRow(file: String, line: Int, fields: Int, expected: Int, LongRowCause = .tab)
  /// A row has no value in a column.
  case noValue(file: String, line: Int, column: String)
  /// A row has a list or an object where a text is expected.
  case nestedValue(file: String, line: Int, column: String, isList: Bool)
  /// A row has a list of labels.
  case multiLabel(file: String, line: Int, column: String)
  /// A label is longer than a class's name.
  case longLabel(file: String, line: Int, column: String, limit: Int)
  /// A label is none of the task's.
  case unknownLabel(file: String, line: Int, label: String, expected: [String])
  /// A label is another one in another Unicode encoding.
  case equivalentLabel(file: String, line: Int, label: String)
  /// The file is one of several parts of a split.
  case part(file: String, parts: Int)
  /// A CSV file declares a separator that is not read.
  case separator(file: String, String)
  /// The task has no files without labels.
  case noTestFiles(task: String)
  /// Every class has one example only.
  case nothingToHoldOut(file: String)
  /// A value should be a number.
  case noNumber(file: String, line: Int, text: String, range: ClosedRange<Double>?)
  /// The training examples do not have labels to tell apart; a count above the limit stands for any.
  case classes(file: String, column: String, count: Int, limit: Int)
  /// A split that is not there.
  case unknownSplit(String, folder: String)
  /// A folder without a training file.
  case noTrainingFile(folder: String, found: [String])
  /// Nothing is left to train on or to evaluate on.
  case tooFew(file: String, examples: Int)

  /// A kind of file that is not text.
  public struct ForeignKind: Sendable, Equatable {
    let format: ForeignFormat
  }

  /// An encoding of text that is not read.
  public struct Encoding: Sendable, Equatable {
    let encoding: TextEncoding
  }

  static func foreignFormat(file: String, _ format: ForeignFormat) -> TaskError {
    .foreignFormat(file: file, ForeignKind(format: format))
  }

  static func foreignContent(file: String, _ format: ForeignFormat) -> TaskError {
    .foreignContent(file: file, ForeignKind(format: format))
  }

  static func encoding(file: String, _ encoding: TextEncoding) -> TaskError {
    .encoding(file: file, Encoding(encoding: encoding))
  }

  /// Why a row has more fields than columns.
  public enum LongRowCause: Sendable, Equatable {
    /// A tab within a text.
    case tab
    /// A separator within a text that is not in quotation marks, or at the end of the row.
    case unquotedSeparator(UInt8)
    /// A carriage return that may be the end of a row.
    case carriageReturn
  }

  /// Why a header may lack a column.
  public enum HeaderHint: Sendable, Equatable {
    /// Nothing stands out.
    case none
    /// The first line looks like a row.
    case noHeader
    /// The first line has other separators than the file's ending says.
    case separator(String)

    static func of(_ columns: [String], format: TableFormat, separator: UInt8) -> HeaderHint {
      guard !format.isJSON, format != .txt else { return .none }
      if columns.count == 1, let only = columns.first {
        for other in [",", ";", "\t", "|"] where only.contains(other) {
          return .separator(CSVSeparator.name(other.utf8.first ?? 0))
        }
      }
      let looksLikeText = columns.contains { $0.split(separator: " ").count > 3 || Double($0) != nil }
      return looksLikeText ? .noHeader : .none
    }
  }
}
