import GraftObjectives
import GraftSupport

/// Texts to classify or tokenize, read on demand from a file or a pipe.
public struct TextInput {
  /// A text, with a second text if it is a pair.
  public typealias Text = (text: String, pair: String?)

  /// The maximum number of texts that ``next()`` returns.
  public static let lookAhead = 512
  /// The maximum size of a line or record in bytes.
  public static let longestRecord = TableReader.maximumRecordSize
  /// The number of bytes after which ``next()`` stops collecting texts, to limit memory use.
  private static let lookAheadBytes = 1 << 20

  private var table: TableReader
  /// Whether the texts are pairs.
  let isPair: Bool
  /// Whether the input has the label column of the adapter's training data.
  let hasLabels: Bool
  /// The labels of the texts that ``next()`` returned last; `nil` for a text without one.
  private(set) var labels: [TargetField?] = []
  private var failure: (any Error)?

  /// Opens a file or a pipe. Blocks until a pipe has delivered its header.
  ///
  /// - Parameters:
  ///   - path: A file, or `-` for standard input.
  ///   - format: The format; `nil` chooses it by the file's extension, and plain lines for a pipe.
  ///   - text: The column with the text; `nil` uses the text column of `columns`, or `text`, or `sentence`.
  ///   - textPair: The column with the second text; `nil` uses that of `columns`.
  ///   - columns: The columns that the adapter was trained on.
  /// - Throws: `FileError`, or ``TableError`` or ``TaskError`` with file and line.
  public init(
    path: String, format: TableFormat? = nil, text: String? = nil, textPair: String? = nil,
    columns: TaskDefinition.Columns? = nil
  ) throws {
    let table =
      path == "-"
      ? try TableReader(ByteSource(), format: format ?? .txt) : try TableReader(path: path, format: format)
    try self.init(table, text: text, textPair: textPair, columns: columns)
  }

  /// Reads the texts of an open table.
  init(_ table: TableReader, text: String? = nil, textPair: String? = nil, columns: TaskDefinition.Columns? = nil)
    throws
  {
    // A single column is never used just because it is the only one: a file without a header would lose its first text.
    let candidates = [columns?.text, TableReader.lineColumn, "sentence"].compactMap { $0 }
    let first = text ?? candidates.first { table.columns.contains($0) } ?? candidates[0]
    let isPlain = table.columns == [TableReader.lineColumn]
    let second = textPair ?? (isPlain ? nil : columns?.textPair)
    self.table = table
    isPair = second != nil
    let label = columns.flatMap { columns in table.columns.contains(columns.label) ? columns.label : nil }
    hasLabels = !isPlain && label.map { ![first, second].contains($0) } == true
    try self.table.select([first] + (second.map { [$0] } ?? []) + (hasLabels ? [label ?? ""] : []))
  }

  /// Returns the next texts in input order, or `nil` at the end. Waits for one text, and adds those that are already
  /// available, up to ``lookAhead``.
  ///
  /// - Throws: `FileError`, or ``TableError`` or ``TaskError`` with file and line. Texts before an error are returned first.
  public mutating func next() throws -> [Text]? {
    if let failure { throw failure }
    var texts: [Text] = []
    labels = []
    var bytes = 0
    do {
      while texts.count < Self.lookAhead, bytes < Self.lookAheadBytes,
        case .row(let row) = try table.step(waits: texts.isEmpty)
      {
        let text: Text = (try table.text(row, 0), isPair ? try table.text(row, 1) : nil)
        texts.append(text)
        labels.append(hasLabels ? row.values.last?.label : nil)
        bytes += text.text.utf8.count + (text.pair?.utf8.count ?? 0)
      }
    } catch {
      guard !texts.isEmpty else { throw error }
      failure = error
    }
    return texts.isEmpty ? nil : texts
  }

  /// Returns all remaining texts.
  ///
  /// - Throws: The same errors as ``next()``.
  public mutating func rest() throws -> [Text] {
    var texts: [Text] = []
    while let more = try next() { texts += more }
    return texts
  }
}

extension TableValue {
  /// The value as a label; `nil` if it is empty or cannot be one.
  fileprivate var label: TargetField? {
    switch self {
    case .text(let text): text.isEmpty ? nil : TargetField(text)
    case .list(let items?): TargetField(list: items)
    case .list(nil), .object, .missing, .null: nil
    }
  }
}
