extension Table {
  /// Fields between tabs under a header. Quotation marks are text, never quoting.
  ///
  /// - Parameter header: The columns of a file that has no header.
  init(tsv content: Slice<UnsafeRawBufferPointer>, path: String, header: [String]? = nil) throws {
    let lines = try textLines(content, path: path)
    guard let first = lines.first else { throw TaskError.empty(file: path) }
    let rows = header == nil ? lines.dropFirst() : lines[...]
    guard !rows.isEmpty else { throw TaskError.empty(file: path) }
    try self.init(
      path: path, columns: header ?? Self.tabbed(first.text),
      rows: rows.map { Row(line: $0.line, fields: Self.tabbed($0.text)) })
  }

  private static func tabbed(_ line: String) -> [String] {
    line.utf8.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false).map { String(Substring($0)) }
  }
}
