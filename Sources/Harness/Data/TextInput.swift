import GraftSupport

/// Texts to be classified or tokenized, from a file or a pipe, without labels, read as they are needed.
public struct TextInput {
  /// A text; with a second one where it is a pair.
  public typealias Text = (text: String, pair: String?)

  /// The texts that ``next()`` returns at most.
  public static let lookAhead = 512
  /// The bytes that a line or record can have.
  public static let longestRecord = TableReader.longestRecord
  /// The bytes of text that ``next()`` gathers before it stops, so that long texts don't add up.
  private static let lookAheadBytes = 1 << 20

  private var table: TableReader
  private let isPair: Bool
  private var failure: (any Error)?

  /// Opens a file or a pipe. A pipe is waited for until it has its header.
  ///
  /// - Parameters:
  ///   - path: A file, or `-` for standard input.
  ///   - format: `tsv`, `csv`, `jsonl`, `json` or `txt`; `nil` goes by the file's name, and takes plain lines from a pipe.
  ///   - text: The column with the text; `nil` for the one that `columns` names, or `text`, or `sentence`.
  ///   - textPair: The column with the second text.
  ///   - columns: What the adapter was trained on.
  /// - Throws: `FileError`, or ``TaskError`` with file and line.
  public init(
    path: String, format: String? = nil, text: String? = nil, textPair: String? = nil,
    columns: TaskDefinition.Columns? = nil
  ) throws {
    let known = TableFormat.allCases.map(\.rawValue)
    let named = try format.map { name in
      guard let format = TableFormat(rawValue: name) else { throw TaskError.noSuchFormat(name, known: known) }
      return format
    }
    let table =
      path == "-"
      ? try TableReader(ByteSource(), format: named ?? .txt) : try TableReader(path: path, format: named)
    try self.init(table, text: text, textPair: textPair, columns: columns)
  }

  /// The texts of a table.
  init(_ table: TableReader, text: String? = nil, textPair: String? = nil, columns: TaskDefinition.Columns? = nil)
    throws
  {
    // Never simply the only column: a file without a header would lose its first text.
    let usual = [columns?.text, TableReader.lineColumn, "sentence"].compactMap { $0 }
    let first = text ?? usual.first { table.columns.contains($0) } ?? usual[0]
    let isPlain = table.columns == [TableReader.lineColumn]
    let second = textPair ?? (isPlain ? nil : columns?.textPair)
    self.table = table
    isPair = second != nil
    try self.table.select([first] + (second.map { [$0] } ?? []))
  }

  /// The next texts, in the order of the input: waits for one, and takes those with it that are there already, at most
  /// ``lookAhead``. `nil` at the end.
  ///
  /// - Throws: `FileError`, or ``TaskError`` with file and line; texts before a mistake are returned first.
  public mutating func next() throws -> [Text]? {
    if let failure { throw failure }
    var texts: [Text] = []
    var bytes = 0
    do {
      while texts.count < Self.lookAhead, bytes < Self.lookAheadBytes,
        case .row(let row) = try table.step(waits: texts.isEmpty)
      {
        let text: Text = (try table.text(row, 0), isPair ? try table.text(row, 1) : nil)
        texts.append(text)
        bytes += text.text.utf8.count + (text.pair?.utf8.count ?? 0)
      }
    } catch {
      guard !texts.isEmpty else { throw error }
      failure = error
    }
    return texts.isEmpty ? nil : texts
  }

  /// All texts that are left.
  ///
  /// - Throws: As ``next()``.
  public mutating func rest() throws -> [Text] {
    var texts: [Text] = []
    while let more = try next() { texts += more }
    return texts
  }
}
