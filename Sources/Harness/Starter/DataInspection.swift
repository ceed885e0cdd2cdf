import Foundation
import GraftSupport

/// What a data file contains, before its columns are assigned: one profile per column.
public struct DataInspection: Sendable {
  /// The file or folder, as the user named it.
  public let path: String
  /// The training file: the file itself, or that of the folder.
  public let file: String
  /// The format of the training file.
  public let format: TableFormat
  /// The number of rows, without empty ones.
  public let rows: Int
  /// The columns, in the order of the file.
  public let columns: [ColumnProfile]
  let source: DataSource
  /// Why the columns may not be what they seem.
  private let hint: TableError.HeaderHint

  /// Reads a file, or the training file of a folder, completely.
  ///
  /// - Throws: `FileError`, or ``TableError`` or ``TaskError`` with file and line.
  public init(path: String) throws {
    self.path = path
    guard try fileExists(path) else {
      throw FileError(
        "cannot read", path, reason: "it does not exist; name a file of examples, or a folder with train and dev files")
    }
    source = try DataSource.find(.custom(.init(text: "text", label: "label")), path: path)
    file = try source.file("train", of: .custom(.init(text: "text", label: "label"))).path
    var table = try TableReader(path: file)
    guard table.format != .txt else { throw TaskError.plainLines(file: file) }
    format = table.format
    hint = .of(table.columns, format: table.format, separator: table.separator)
    let names = table.columns.filter { !$0.isEmpty }
    try table.select(names)
    var columns = names.map(ColumnProfile.init)
    var rows = 0
    while let row = try table.next() {
      if row.isBlank { continue }
      if let fields = row.fieldCount, fields > table.columns.count { throw table.longRow(row) }
      rows += 1
      for (index, value) in row.values.enumerated() { columns[index].add(value, line: row.line) }
    }
    guard rows > 0 else { throw TableError.empty(file: file) }
    self.rows = rows
    self.columns = columns
  }

  /// The name of the data without folder and extension, for files that are derived from it.
  public var name: String {
    let url = URL(fileURLWithPath: path)
    let name = source.isFolder ? url.lastPathComponent : url.deletingPathExtension().lastPathComponent
    return name.isEmpty || name == "/" ? "data" : name
  }

  /// The error for columns whose roles are unclear because the file lacks a header or has another separator than its name says;
  /// `nil` if they are columns.
  var headerError: TableError? {
    hint == .none
      ? nil : .missingColumn(file: file, column: "text", found: columns.map(\.name), hint: hint)
  }

  /// Returns the profile of a column.
  ///
  /// - Throws: ``TableError/missingColumn(file:column:found:hint:)``.
  func column(_ name: String) throws -> ColumnProfile {
    guard let column = columns.first(where: { $0.name == name }) else {
      throw TableError.missingColumn(file: file, column: name, found: columns.map(\.name))
    }
    return column
  }
}
