import GraftSupport

/// Rows of named columns out of a file: TSV, CSV or JSON lines, or plain lines of text.
struct Table {
  /// The file, as the user named it.
  let path: String
  /// The columns' names, in the order of the file.
  let columns: [String]
  /// The rows.
  let rows: [Row]

  /// One row.
  struct Row {
    /// Where it begins in the file, from 1.
    let line: Int
    /// A value for each column; `nil` where the row has none. A row may be shorter than the columns.
    let fields: [String?]
  }

  /// What a file's name says about its content.
  enum Format: String, CaseIterable {
    /// Fields between tabs, a header; quotation marks are text.
    case tsv
    /// Fields between commas, a header, quotation marks as in RFC 4180.
    case csv
    /// One JSON object a line.
    case jsonl
    /// A text a line, without a header.
    case txt
  }

  /// Whether a row without a value at its end is complete.
  private let rowsMayBeShort: Bool

  /// A table with more columns is none.
  static let mostColumns = 1000

  /// The only column of plain lines.
  static let lineColumn = "text"

  /// Reads a file by the ending of its name, or as the format that is named.
  ///
  /// - Throws: `FileError`, or ``TaskError`` with file and line.
  ///
  /// - Parameter header: The columns of a TSV file that has no header.
  init(path: String, format named: Format? = nil, header: [String]? = nil) throws {
    guard let format = named ?? Format.of(path) else { throw TaskError.unknownFormat(file: path) }
    let file = try MappedFile(path: path)
    try self.init(bytes: file.bytes, format: format, path: path, header: header)
    withExtendedLifetime(file) {}
  }

  /// Reads a text.
  init(bytes: UnsafeRawBufferPointer, format: Format, path: String, header: [String]? = nil) throws {
    let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    switch format {
    case .tsv: try self.init(tsv: content, path: path, header: header)
    case .csv: try self.init(csv: content, path: path)
    case .jsonl: try self.init(jsonLines: content, path: path)
    case .txt: try self.init(lines: content, path: path)
    }
  }

  init(path: String, columns: [String], rows: [Row], rowsMayBeShort: Bool = false) throws {
    (self.path, self.columns, self.rows, self.rowsMayBeShort) = (path, columns, rows, rowsMayBeShort)
    guard columns.count <= Self.mostColumns else {
      throw TaskError.tooManyColumns(file: path, limit: Self.mostColumns)
    }
    var seen = Set<String>()
    if let twice = columns.first(where: { !seen.insert($0).inserted }) {
      throw TaskError.duplicateColumn(file: path, column: twice)
    }
  }

  private init(lines content: Slice<UnsafeRawBufferPointer>, path: String) throws {
    // Empty lines count, so that answers stand where their lines do; only behind the last line feed there is none.
    let end = content.last == UInt8(ascii: "\n") ? content.dropLast() : content
    let lines = end.isEmpty ? [] : try textLines(end, path: path, keepsEmpty: true)
    let rows = lines.map { Row(line: $0.line, fields: [$0.text]) }
    try self.init(path: path, columns: [Self.lineColumn], rows: rows)
  }

  /// The place of a column.
  ///
  /// - Throws: ``TaskError/missingColumn(file:column:found:)`` with the nearest.
  func column(_ name: String) throws -> Int {
    guard let index = columns.firstIndex(of: name) else {
      throw TaskError.missingColumn(file: path, column: name, found: columns)
    }
    return index
  }

  /// A row's value, which must be there.
  func value(_ row: Row, _ column: Int) throws -> String {
    guard column < row.fields.count || rowsMayBeShort else {
      throw TaskError.shortRow(file: path, line: row.line, fields: row.fields.count, expected: columns.count)
    }
    guard column < row.fields.count, let value = row.fields[column] else {
      throw TaskError.noValue(file: path, line: row.line, column: columns[column])
    }
    return value
  }
}

extension Table.Format {
  /// The format of a file by its name, or `nil`.
  static func of(_ path: String) -> Table.Format? {
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return nil }
    let ending = path[path.index(after: dot)...].lowercased()
    return ending == "ndjson" ? .jsonl : Table.Format(rawValue: ending)
  }
}

/// The lines of a text, without the empty ones unless these are kept, each with its number (from 1), without its line feed and carriage return.
///
/// - Throws: ``TaskError/notUTF8(file:line:)``.
func textLines(
  _ content: Slice<UnsafeRawBufferPointer>, path: String, keepsEmpty: Bool = false
) throws -> [(line: Int, text: String)] {
  var lines: [(line: Int, text: String)] = []
  for (index, line) in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
    let bare = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    guard let text = String(validating: bare, as: UTF8.self) else {
      throw TaskError.notUTF8(file: path, line: index + 1)
    }
    if keepsEmpty || !bare.isEmpty { lines.append((index + 1, text)) }
  }
  return lines
}
