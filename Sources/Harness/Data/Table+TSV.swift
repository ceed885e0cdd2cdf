extension Table {
  /// Fields between tabs under a header. Quotation marks are text, never quoting.
  init(tsv content: Slice<UnsafeRawBufferPointer>, path: String) throws {
    let lines = try textLines(content, path: path)
    guard lines.count > 1 else { throw TaskError.empty(file: path) }
    try self.init(
      path: path, columns: Self.tabbed(lines[0].text),
      rows: lines.dropFirst().map { Row(line: $0.line, fields: Self.tabbed($0.text)) })
  }

  private static func tabbed(_ line: String) -> [String] {
    line.utf8.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false).map { String(Substring($0)) }
  }
}
