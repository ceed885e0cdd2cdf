import GraftSupport

extension Table {
  /// One JSON object a line. Texts, numbers and truth values are values; lists, objects and null are none.
  ///
  /// - Throws: ``TaskError/notJSON(file:line:reason:)``.
  init(jsonLines content: Slice<UnsafeRawBufferPointer>, path: String) throws {
    var columns: [String] = []
    var places: [String: Int] = [:]
    var rows: [Row] = []
    for (index, line) in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      guard line.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { continue }
      var reader = JSONReader(UnsafeRawBufferPointer(rebasing: line), path: path)
      var fields = [String?](repeating: nil, count: columns.count)
      do {
        try reader.object { reader, key in
          if places[key] == nil {
            places[key] = columns.count
            columns.append(key)
            fields.append(nil)
          }
          if let place = places[key] { fields[place] = try reader.scalarText() }
        }
        reader.skipSpace()
        guard reader.next == nil else { throw reader.unexpected("the end of the line") }
      } catch let error as JSONError {
        throw TaskError.notJSON(file: path, line: index + 1, reason: error.fault)
      }
      rows.append(Row(line: index + 1, fields: fields))
    }
    guard !rows.isEmpty else { throw TaskError.empty(file: path) }
    // Early rows do not know the columns that come later.
    self.init(
      path: path, columns: columns,
      rows: rows.map { row in
        Row(line: row.line, fields: row.fields + Array(repeating: nil, count: columns.count - row.fields.count))
      })
  }
}
