/// Access to the values of rows, with errors for missing or unexpected ones.
extension TableReader {
  /// Returns the error for a row with more fields than columns.
  func longRow(_ row: TableRow) -> TableError {
    let fields = row.fieldCount ?? 0
    let cause: TableError.LongRowCause =
      row.hasCarriageReturn ? .carriageReturn : format == .csv ? .unquotedSeparator(separator) : .tab
    return .longRow(file: name, line: row.line, fields: fields, expected: columns.count, cause)
  }

  /// Returns the text in a selected column.
  ///
  /// - Throws: ``TableError`` if the value is missing, a list, or an object.
  func text(_ row: TableRow, _ index: Int) throws -> String {
    let column = selectedColumns[index].name
    switch row.values[index] {
    case .text(let text): return text
    case .list: throw TableError.nestedValue(file: name, line: row.line, column: column, isList: true)
    case .object: throw TableError.nestedValue(file: name, line: row.line, column: column, isList: false)
    case .null, .missing:
      if let fields = row.fieldCount, fields < columns.count {
        throw TableError.shortRow(file: name, line: row.line, fields: fields, expected: columns.count)
      }
      throw TableError.noValue(file: name, line: row.line, column: column)
    }
  }
}
