import GraftSupport

/// Texts to be classified or tokenized, from a file or a pipe, without labels.
public struct TextInput: Sendable {
  /// The texts; with a second one where they are pairs.
  public let texts: [(text: String, pair: String?)]

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: A file, or `-` for what comes through the pipe.
  ///   - format: `tsv`, `csv`, `jsonl` or `txt`; `nil` goes by the file's name, and takes plain lines from a pipe.
  ///   - text: The column with the text; `nil` for the one that `columns` names, or `text`, or `sentence`.
  ///   - textPair: The column with the second text.
  ///   - columns: What the adapter was trained on.
  /// - Throws: `FileError`, or ``TaskError`` with file and line.
  public init(
    path: String, format: String? = nil, text: String? = nil, textPair: String? = nil, columns: Task.Columns? = nil
  ) throws {
    let known = Table.Format.allCases.map(\.rawValue)
    let named = try format.map { name in
      guard let format = Table.Format(rawValue: name) else { throw TaskError.noSuchFormat(name, known: known) }
      return format
    }
    let table: Table
    if path == "-" {
      let bytes = try readStandardInput()
      table = try bytes.withUnsafeBytes { try Table(bytes: $0, format: named ?? .txt, path: "standard input") }
    } else {
      table = try Table(path: path, format: named)
    }
    let isPlain = table.columns == [Table.lineColumn]
    // Never simply the only column: a file without a header would lose its first text.
    let usual = [columns?.text, Table.lineColumn, "sentence"].compactMap { $0 }
    let first = text ?? usual.first { table.columns.contains($0) } ?? usual[0]
    texts = try table.texts(text: first, pair: textPair ?? (isPlain ? nil : columns?.textPair))
  }
}
