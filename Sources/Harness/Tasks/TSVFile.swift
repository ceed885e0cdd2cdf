import GraftSupport

/// A table of tab-separated fields with a header. Quotation marks are text, never quoting.
struct TSVFile {
  /// The file, as the user named it.
  let path: String
  /// The names in the first line.
  let header: [String]
  /// The rows behind it, each with its line number (from 1). Empty lines are left out.
  let rows: [(line: Int, fields: [Substring])]

  /// - Throws: `FileError`, ``TaskError/notUTF8(file:line:)``, or ``TaskError/empty(file:)``.
  init(path: String) throws {
    let file = try MappedFile(path: path)
    var lines: [(line: Int, text: String)] = []
    var bytes = file.bytes[...]
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      let content = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      guard let text = String(validating: content, as: UTF8.self) else {
        throw TaskError.notUTF8(file: path, line: index + 1)
      }
      if !content.isEmpty { lines.append((index + 1, text)) }
    }
    guard lines.count > 1 else { throw TaskError.empty(file: path) }
    self.path = path
    header = Self.fields(lines[0].text).map(String.init)
    rows = lines.dropFirst().map { ($0.line, Self.fields($0.text)) }
  }

  /// The place of a column.
  func column(_ name: String) throws -> Int {
    guard let index = header.firstIndex(of: name) else {
      throw TaskError.missingColumn(file: path, column: name, found: header)
    }
    return index
  }

  private static func fields(_ line: String) -> [Substring] {
    line.utf8.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false).map { Substring($0) }
  }
}
