public import GraftSupport

/// An error in a table of texts, in any of the supported formats.
public enum TableError: UserError, Equatable {
  /// A file's extension does not identify its format.
  case unknownFormat(file: String)
  /// A file's name indicates an unsupported format.
  case foreignFormat(file: String, ForeignKind)
  /// A file's first bytes indicate an unsupported format, regardless of its name.
  case foreignContent(file: String, ForeignKind)
  /// A file has no examples.
  case empty(file: String)
  /// A file is text in an encoding other than UTF-8.
  case encoding(file: String, Encoding)
  /// A line is not valid UTF-8.
  case notUTF8(file: String, line: Int)
  /// A line contains a NUL byte.
  case nulByte(file: String, line: Int)
  /// A line or record exceeds the maximum size in bytes.
  case longRecord(file: String, line: Int, limit: Int)
  /// A JSON file is not a valid list of objects.
  case notList(file: String, line: Int, reason: String)
  /// A line of a JSON lines file, or an element of a list, is not a JSON object.
  case notJSON(file: String, line: Int, reason: String)
  /// A JSON object is spread over several lines.
  case objectOverLines(file: String, line: Int)
  /// A file is one JSON object that contains the examples in a list.
  case wrappedRows(file: String, member: String)
  /// A file is one JSON object that contains the whole table, by column or by row.
  case wholeTable(file: String)
  /// A quoted CSV field is never closed, or not within the maximum record size if `limit` is given.
  case openQuote(file: String, line: Int, limit: Int? = nil)
  /// A closing quotation mark of a CSV file is followed by text.
  case textAfterQuote(file: String, line: Int)
  /// The file lacks a column.
  case missingColumn(file: String, column: String, found: [String], hint: HeaderHint = .none)
  /// Two columns have the same name.
  case duplicateColumn(file: String, column: String)
  /// A table has more columns than are supported.
  case tooManyColumns(file: String, limit: Int)
  /// A row has too few fields.
  case shortRow(file: String, line: Int, fields: Int, expected: Int)
  /// A row has too many fields.
  case longRow(file: String, line: Int, fields: Int, expected: Int, LongRowCause = .tab)
  /// A row has no value in a column.
  case noValue(file: String, line: Int, column: String)
  /// A row has a list or an object where text is expected.
  case nestedValue(file: String, line: Int, column: String, isList: Bool)
  /// A CSV file declares an unsupported separator.
  case separator(file: String, String)

  /// A file format that is not supported as a table of text.
  public struct ForeignKind: Sendable, Equatable {
    let format: ForeignFormat
  }

  /// An unsupported text encoding.
  public struct Encoding: Sendable, Equatable {
    let encoding: TextEncoding
  }

  static func foreignFormat(file: String, _ format: ForeignFormat) -> TableError {
    .foreignFormat(file: file, ForeignKind(format: format))
  }

  static func foreignContent(file: String, _ format: ForeignFormat) -> TableError {
    .foreignContent(file: file, ForeignKind(format: format))
  }

  static func encoding(file: String, _ encoding: TextEncoding) -> TableError {
    .encoding(file: file, Encoding(encoding: encoding))
  }

  /// The likely reason why a row has more fields than columns.
  public enum LongRowCause: Sendable, Equatable {
    /// A tab within the text.
    case tab
    /// A separator within an unquoted text, or at the end of the row.
    case unquotedSeparator(UInt8)
    /// A carriage return that may be a line end.
    case carriageReturn
  }

  /// The likely reason why a header lacks a column.
  public enum HeaderHint: Sendable, Equatable {
    /// No likely reason.
    case none
    /// The first line looks like an example.
    case noHeader
    /// The first line uses a separator that does not match the file's extension.
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
