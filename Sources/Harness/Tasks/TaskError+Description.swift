import GraftSupport

extension TaskError {
  /// One line: file, line, what was found, what was expected.
  public var description: String {
    switch self {
    case .unknown(let name, let known):
      "no task named \(quoted(name))\(didYouMean(name, in: known)); tasks are \(known.joined(separator: ", "))"
    case .needsData(let task):
      "task '\(task)' is over data of your own; name a file or folder (data.path, or --data on the command line)"
    case .noTestFiles(let task):
      "task '\(task)' has no test files; give the texts with --input FILE"
    case .pairs(true): "the adapter was trained on pairs of texts; give a second one with --pair or --pair-column"
    case .pairs(false): "the adapter was trained on single texts; leave the second one out"
    case .unknownSplit(let split, let folder):
      "\(folder) has no file for the split \(quoted(split)); splits are files such as dev.tsv, "
        + "and end in .\(TableFormat.labelled)"
    case .noTrainingFile(let folder, let found):
      "\(folder) has no training file such as train.csv; "
        + (found.isEmpty
          ? "the folder is empty"
          : "it has \(listed(found)); rename the file to train and its ending, or name one file, or the folder it is in, in data.path")
    case .ambiguousSplit(let split, let folder, let files):
      "\(folder) has \(listed(files, joinedBy: " and ")) for \(quoted(split)); keep one of them, or join them into one file"
    default: fileDescription ?? tableDescription ?? rowDescription
    }
  }

  /// What is wrong with a file as a whole.
  private var fileDescription: String? {
    switch self {
    case .unknownFormat(let file):
      "\(file): the name does not say what the file is; expected one that ends in .\(TableFormat.labelled), "
        + "or .txt for plain lines"
    case .foreignFormat(let file, let kind): "\(file): the name says that this is \(kind.format.advice)"
    case .foreignContent(let file, let kind): "\(file): the content is that of \(kind.format.advice)"
    case .noSuchFormat(let name, let known):
      "no format named \(quoted(name))\(didYouMean(name, in: known)); formats are \(known.joined(separator: ", "))"
    case .plainLines(let file):
      "\(file): plain lines of text have no labels; expected a file with columns that ends in .\(TableFormat.labelled)"
    case .empty(let file):
      "\(file): the file has no examples; expected at least one, after a header in TSV and CSV files"
    case .encoding(let file, let encoding):
      "\(file): the file is \(encoding.encoding.rawValue) text, and only UTF-8 is read; convert it: "
        + "iconv -f \(encoding.encoding.rawValue) -t UTF-8 FILE > NEW"
    case .wrappedRows(let file, let member):
      "\(file): the file is one JSON object with the examples in a list named \(quoted(member)); expected one object a "
        + "line (JSON lines) or a list of objects; convert it: jq -c '.[\"\(member.wholeMatch(of: /[A-Za-z0-9_-]+/) == nil ? "NAME" : member)\"][]' FILE > NEW.jsonl"
    case .wholeTable(let file):
      "\(file): the file is one JSON object with the whole table in it, as pandas' to_json writes it by default; expected "
        + "one object a line (JSON lines): to_json('data.jsonl', orient='records', lines=True)"
    case .tooManyColumns(let file, let limit): "\(file): more than \(limit) different columns; is it the right file?"
    case .tooManyRows(let file, let limit): "\(file): more than \(limit) rows; divide the file"
    case .part(let file, let parts):
      "\(file): the name says that this is one of \(parts) parts, which are not read one by one; join them into one file"
    case .separator(let file, let separator):
      "\(file):1: the separator \(quoted(separator)) is declared, but fields are separated by a comma, a semicolon, a tab or |"
    case .nothingToHoldOut(let file):
      "\(file): every class has one example only, so none can be held out for evaluation; add a dev file or more examples"
    case .tooFew(let file, let examples):
      "\(file): \(examples) example\(examples == 1 ? "" : "s"), too few to hold some out; add a dev file or more examples"
    default: nil
    }
  }

  /// What is wrong with a table's columns.
  private var tableDescription: String? {
    switch self {
    case .missingColumn(let file, let column, let found, let hint):
      "\(file):1: no column \(quoted(column))\(suggestion(column, found)); the file has \(listedColumns(found))"
        + hintText(hint, file: file)
    case .duplicateColumn(let file, let column):
      "\(file):1: two columns are called \(quoted(column)); give one of them another name"
    case .classes(let file, let column, let count, let limit):
      "\(file): column \(quoted(column)) has \(count > limit ? "more than \(limit)" : "\(count)") different "
        + "label\(count == 1 ? "" : "s"), expected 2 to \(limit); is it the right column?"
    default: nil
    }
  }

  /// What is wrong with a row.
  private var rowDescription: String {
    switch self {
    case .notUTF8(let file, let line):
      "\(file):\(line): the line is not valid UTF-8; convert the file to UTF-8, if it is from Excel or Windows with "
        + "iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW"
    case .nulByte(let file, let line):
      "\(file):\(line): the line has a NUL byte (0x00), so the file is damaged, binary, or UTF-16; expected UTF-8 text"
    case .longRecord(let file, let line, let limit):
      "\(file):\(line): the line or record has more than \(limit) bytes, which is the limit; divide or shorten it"
    case .notList(let file, let line, let reason): "\(file):\(line): not a list of JSON objects: \(reason)"
    case .notJSON(let file, let line, let reason): "\(file):\(line): not one JSON object: \(reason)"
    case .objectOverLines(let file, let line):
      "\(file):\(line): the JSON object is spread over several lines; expected one object a line (JSON lines) or a list of "
        + "objects; convert the file: jq -c . FILE > NEW.jsonl"
    case .openQuote(let file, let line, let limit):
      "\(file):\(line): the quotation mark that opens a field is never closed"
        + (limit.map { " within \($0) bytes, which is the limit of a record" } ?? "")
        + "; write quotation marks within a field twice"
    case .textAfterQuote(let file, let line):
      "\(file):\(line): text follows a closing quotation mark; write quotation marks within a field twice"
    case .shortRow(let file, let line, let fields, let expected):
      "\(file):\(line): the row has \(fields) field\(fields == 1 ? "" : "s"), expected \(expected)"
    case .longRow(let file, let line, let fields, let expected, let cause):
      "\(file):\(line): the row has \(fields) fields, expected \(expected); \(causeText(cause))"
    case .noValue(let file, let line, let column): "\(file):\(line): there is no value for \(quoted(column))"
    case .nestedValue(let file, let line, let column, let isList):
      "\(file):\(line): the value of \(quoted(column)) is \(isList ? "a list" : "an object"), expected a text, a number, "
        + "true or false"
    case .multiLabel(let file, let line, let column):
      "\(file):\(line): \(quoted(column)) is a list of labels: multi-label classification is not implemented; give each "
        + "example one label"
    case .longLabel(let file, let line, let column, let limit):
      "\(file):\(line): the label in \(quoted(column)) has more than \(limit) bytes; is it the right column?"
    case .unknownLabel(let file, let line, let label, let expected):
      "\(file):\(line): label \(quoted(label)) is none of the task's classes, which are "
        + LabelNames.text(expected, most: 12)
    case .equivalentLabel(let file, let line, let label):
      "\(file):\(line): label \(quoted(label)) is in the file in two Unicode encodings, which look the same; write it in one, "
        + "with unicodedata.normalize('NFC', …) in Python"
    case .noNumber(let file, let line, let text, let range) where Double(text) != nil && range?.upperBound ?? 0 >= 1e30:
      "\(file):\(line): \(quoted(text)) is not a number from -1e30 to 1e30"
    case .noNumber(let file, let line, let text, let range):
      "\(file):\(line): \(quoted(text)) is not a number"
        + (range.map { $0.upperBound < 1e30 ? " from \($0.lowerBound) to \($0.upperBound)" : "" } ?? "")
        + "; "
        + (Double(text.replacing(",", with: ".")) != nil && text.contains(",")
          ? "write the decimal point as '.'" : "the task learns a number, not a class")
    default: "the data can't be used"
    }
  }

  private func suggestion(_ column: String, _ found: [String]) -> String {
    nearestNames(to: column, in: found.filter { !$0.isEmpty }, limit: 1).first.map { ", did you mean \(quoted($0))?" }
      ?? ""
  }

  private func listedColumns(_ columns: [String]) -> String {
    columns.isEmpty ? "none" : listed(columns.map { $0.isEmpty ? nil : $0 })
  }

  private func hintText(_ hint: HeaderHint, file: String) -> String {
    switch hint {
    case .none: ""
    case .noHeader:
      "; the first line looks like an example: where it is one, put a line with the columns' names before it"
    case .separator(let name):
      "; the fields seem to be separated by a \(name), which is not what the file's ending says"
    }
  }

  private func causeText(_ cause: LongRowCause) -> String {
    switch cause {
    case .tab: "a tab within a text moves the label; replace it with a space"
    case .unquotedSeparator(let separator):
      "a \(CSVSeparator.name(separator)) at its end or within a text moves the label; put texts with "
        + "\(CSVSeparator.name(separator))s in quotation marks, and give every column a name in the header"
    case .carriageReturn:
      "a carriage return in it is not followed by a line feed; give all lines of the file the same line ends"
    }
  }
}

/// The first few names of a list, quoted, and how many there are: files may have thousands.
///
/// - Parameters:
///   - names: The names; `nil` for what has none.
///   - separator: What stands between them.
func listed(_ names: [String?], joinedBy separator: String = ", ") -> String {
  let limit = 8
  let shown = names.prefix(limit).map { $0.map(quoted) ?? "one without a name" }.joined(separator: separator)
  return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
}
