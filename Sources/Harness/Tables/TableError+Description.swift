import GraftSupport

extension TableError {
  /// One line: the file and line, what was found, and what was expected.
  public var description: String { tableDescription ?? rowDescription }

  /// The description of an error in a table as a whole or in its columns; `nil` for other errors.
  private var tableDescription: String? {
    switch self {
    case .unknownFormat(let file):
      "\(file): unrecognized file extension; expected .\(TableFormat.labeledExtensions), "
        + "or .txt for plain lines"
    case .foreignFormat(let file, let kind): "\(file): by its name, the file is \(kind.format.advice)"
    case .foreignContent(let file, let kind): "\(file): by its content, the file is \(kind.format.advice)"
    case .empty(let file):
      "\(file): the file has no examples; expected at least one, after a header in TSV and CSV files"
    case .encoding(let file, let encoding):
      "\(file): expected UTF-8 text, got \(encoding.encoding.rawValue); convert it: "
        + "iconv -f \(encoding.encoding.rawValue) -t UTF-8 FILE > NEW"
    case .wrappedRows(let file, let member):
      "\(file): the file is one JSON object with the examples in a list named \(quoted(member)); expected one object per "
        + "line (JSON Lines) or a list of objects; convert it: jq -c '.[\"\(member.wholeMatch(of: /[A-Za-z0-9_-]+/) == nil ? "NAME" : member)\"][]' FILE > NEW.jsonl"
    case .wholeTable(let file):
      "\(file): the file is one JSON object with the whole table, as pandas' to_json writes by default; expected "
        + "one object per line (JSON Lines): to_json('data.jsonl', orient='records', lines=True)"
    case .tooManyColumns(let file, let limit):
      "\(file): the table has more than \(limit) columns, the maximum; is it the right file?"
    case .separator(let file, let separator):
      "\(file):1: unsupported separator \(quoted(separator)) in 'sep='; expected a comma, a semicolon, a tab or |"
    case .missingColumn(let file, let column, let found, let hint):
      "\(file):1: no column \(quoted(column))\(suggestion(column, found)); the file has \(listedColumns(found))"
        + hintText(hint, file: file)
    case .duplicateColumn(let file, let column):
      "\(file):1: two columns are named \(quoted(column)); rename one of them"
    default: nil
    }
  }

  /// The description of an error in a row.
  private var rowDescription: String {
    switch self {
    case .notUTF8(let file, let line):
      "\(file):\(line): the line is not valid UTF-8; convert the file to UTF-8 (from Excel or Windows: "
        + "iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW)"
    case .nulByte(let file, let line):
      "\(file):\(line): expected UTF-8 text, got a NUL byte (0x00); the file is corrupted, binary, or UTF-16"
    case .longRecord(let file, let line, let limit):
      "\(file):\(line): the line or record has more than \(limit) bytes, the maximum; split or shorten it"
    case .notList(let file, let line, let reason): "\(file):\(line): not a list of JSON objects: \(reason)"
    case .notJSON(let file, let line, let reason): "\(file):\(line): not one JSON object: \(reason)"
    case .objectOverLines(let file, let line):
      "\(file):\(line): the JSON object spans several lines; expected one object per line (JSON Lines) or a list of "
        + "objects; convert the file: jq -c . FILE > NEW.jsonl"
    case .openQuote(let file, let line, let limit):
      "\(file):\(line): the quotation mark that opens a field is never closed"
        + (limit.map { " within \($0) bytes, the maximum size of a record" } ?? "")
        + "; double the quotation marks within a field"
    case .textAfterQuote(let file, let line):
      "\(file):\(line): text follows a closing quotation mark; double the quotation marks within a field"
    case .shortRow(let file, let line, let fields, let expected):
      "\(file):\(line): the row has \(fields) field\(fields == 1 ? "" : "s"), expected \(expected)"
    case .longRow(let file, let line, let fields, let expected, let cause):
      "\(file):\(line): the row has \(fields) fields, expected \(expected); \(causeText(cause))"
    case .noValue(let file, let line, let column): "\(file):\(line): the column \(quoted(column)) has no value"
    case .nestedValue(let file, let line, let column, let isList):
      "\(file):\(line): expected a text, a number, true or false for \(quoted(column)), "
        + "got \(isList ? "a list" : "an object")"
    default: "the data cannot be used"
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
      "; the first line looks like an example; if so, add a header line with the column names before it"
    case .separator(let name):
      "; the fields seem to be separated by a \(name), which does not match the file's extension"
    }
  }

  private func causeText(_ cause: LongRowCause) -> String {
    switch cause {
    case .tab: "a tab within a text shifts the label; replace it with a space"
    case .unquotedSeparator(let separator):
      "a \(CSVSeparator.name(separator)) within a text or at the end of the row shifts the label; quote texts that contain "
        + "a \(CSVSeparator.name(separator)), and name every column in the header"
    case .carriageReturn:
      "it contains a carriage return without a line feed; use the same line ending on all lines of the file"
    }
  }
}

/// Returns the first few names of a list, quoted, and the number of the others, because a file may have thousands.
///
/// - Parameters:
///   - names: The names; `nil` for an unnamed entry.
///   - separator: The text between two names.
func listed(_ names: [String?], joinedBy separator: String = ", ") -> String {
  let limit = 8
  let shown = names.prefix(limit).map { $0.map(quoted) ?? "an unnamed one" }.joined(separator: separator)
  return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
}
