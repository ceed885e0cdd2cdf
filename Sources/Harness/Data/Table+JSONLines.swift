import GraftSupport

extension Table {
  /// One JSON object a line. Texts, numbers and truth values are values; lists, objects and null are none.
  ///
  /// - Throws: ``TaskError/notJSON(file:line:reason:)``, or ``TaskError`` for objects that have hardly a key in common.
  init(jsonLines content: Slice<UnsafeRawBufferPointer>, path: String) throws {
    var columns: [String] = []
    var places: [String: Int] = [:]
    var rows: [Row] = []
    for (index, line) in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      guard line.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { continue }
      var reader = JSONReader(UnsafeRawBufferPointer(rebasing: line), path: path)
      var fields: [String?] = []
      do {
        try reader.object { reader, key in
          if places[key] == nil {
            guard columns.count < Self.mostColumns else {
              throw TaskError.tooManyColumns(file: path, limit: Self.mostColumns)
            }
            places[key] = columns.count
            columns.append(key)
          }
          guard let place = places[key] else { return }
          while fields.count <= place { fields.append(nil) }
          fields[place] = try reader.scalarText()
        }
        reader.skipSpace()
        guard reader.next == nil else { throw reader.unexpected("the end of the line") }
      } catch let error as JSONError {
        throw TaskError.notJSON(file: path, line: index + 1, reason: error.fault)
      }
      rows.append(Row(line: index + 1, fields: fields))
    }
    guard !rows.isEmpty else { throw TaskError.empty(file: path) }
    try self.init(path: path, columns: columns, rows: rows, rowsMayBeShort: true)
  }
}
