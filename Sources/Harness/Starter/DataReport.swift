public import GraftObjectives
import GraftSupport

/// What is worth knowing about data before training on it.
public struct DataReport: Encodable, Sendable {
  /// The number of training rows.
  public let rows: Int
  /// The number of rows in the evaluation file; `nil` if some training examples are held out instead.
  public let evaluationRows: Int?
  /// The columns.
  public let columns: [ColumnProfile]
  /// Whether the targets are made of labels.
  public let hasLabels: Bool
  /// The number of rows with a label or a number.
  public let labeledRows: Int
  /// The labels with their numbers of rows, the most frequent first; empty for numbers, and for too many labels.
  public let labels: [Label]
  /// The mean number of words of a text, or of both texts of a pair.
  public let meanWords: Double
  /// The largest number of words.
  public let mostWords: Int
  /// The number of rows with more words than about 256 tokens.
  public let longTexts: Int
  /// The number of rows that repeat the text of an earlier row.
  public let duplicates: Int
  /// The number of those whose label differs from that of the earlier row.
  public let contradictions: Int
  /// The number of evaluation rows whose text is also in the training file.
  public let overlap: Int
  /// Advice, one sentence each.
  public private(set) var notes: [String] = []

  /// A label and its number of rows.
  public struct Label: Encodable, Sendable, Equatable {
    /// The label.
    public let name: String
    /// The number of rows.
    public let count: Int

    /// Creates a label.
    public init(name: String, count: Int) {
      self.name = name
      self.count = count
    }
  }

  /// The number of words that make about 256 tokens of English, the default maximum length.
  static let wordsAtDefaultLength = 190

  /// Reads the data again with the roles of its columns.
  ///
  /// - Throws: `FileError`, or ``TableError`` or ``TaskError`` with file and line.
  public init(_ inspection: DataInspection, roles: DataRoles, objectives: ObjectiveRegistry = .builtIn) throws {
    let files = TaskFiles.custom(.init(text: roles.text, textPair: roles.textPair, label: roles.label))
    let training = try Self.texts(of: DataFile(path: inspection.file), roles)
    rows = training.count
    columns = inspection.columns
    meanWords = Double(training.words) / Double(max(training.count, 1))
    mostWords = training.mostWords
    longTexts = training.longTexts
    duplicates = training.duplicates
    contradictions = training.contradictions
    if let split = try inspection.source.evaluationSplits(of: files).first {
      let evaluation = try Self.texts(of: inspection.source.file(split, of: files), roles)
      evaluationRows = evaluation.count
      overlap = evaluation.labels.keys.reduce(0) { $0 + (training.labels[$1] == nil ? 0 : 1) }
    } else {
      evaluationRows = nil
      overlap = 0
    }
    let column = try inspection.column(roles.label)
    hasLabels = try objectives.type(named: roles.objective).hasLabels
    labels =
      !hasLabels
      ? []
      : column.counts.map { Label(name: $0.key, count: $0.value) }
        .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    labeledRows = column.filled
    notes = try advice(inspection, roles)
  }

  private struct Texts {
    var count = 0
    var words = 0
    var mostWords = 0
    var longTexts = 0
    var duplicates = 0
    var contradictions = 0
    /// The hash of the label, by the hash of the text; `nil` without a label.
    var labels: [Int: Int?] = [:]
  }

  private static func texts(of file: DataFile, _ roles: DataRoles) throws -> Texts {
    var table = try TableReader(path: file.path)
    try table.select([roles.text, roles.label] + (roles.textPair.map { [$0] } ?? []))
    var texts = Texts()
    while let row = try table.next() {
      if row.isBlank { continue }
      let parts = [row.values[0]] + row.values.dropFirst(2)
      let text = parts.map { $0.text ?? "" }.joined(separator: "\t")
      let words = text.split(whereSeparator: \.isWhitespace).count
      texts.count += 1
      texts.words += words
      texts.mostWords = max(texts.mostWords, words)
      if words > wordsAtDefaultLength { texts.longTexts += 1 }
      guard words > 0 else { continue }
      let label = Self.label(row.values[1])
      if let earlier = texts.labels.updateValue(label, forKey: text.hashValue) {
        texts.duplicates += 1
        if let earlier, let label, earlier != label { texts.contradictions += 1 }
      }
    }
    return texts
  }

  /// Returns the hash of a label, in which the order of a list does not matter; `nil` if there is none.
  private static func label(_ value: TableValue) -> Int? {
    switch value {
    case .text(let text): text.isEmpty ? nil : (TargetField(text).list?.sorted()).map(\.hashValue) ?? text.hashValue
    case .list(let items): items?.sorted().hashValue
    case .object, .missing, .null: nil
    }
  }

  private func advice(_ inspection: DataInspection, _ roles: DataRoles) throws -> [String] {
    var notes: [String] = []
    for name in [roles.text, roles.textPair, roles.label].compactMap({ $0 }) {
      let column = try inspection.column(name)
      let empty = inspection.rows - column.filled
      guard empty > 0, let line = column.firstEmptyLine else { continue }
      notes.append(
        "\(grouped(empty)) row\(empty == 1 ? " has" : "s have") no \(quoted(name)), the first in line \(line); "
          + "add the values or remove the rows" + (name == roles.label ? ", because training needs every label." : "."))
    }
    if duplicates > 0 {
      notes.append(
        "\(grouped(duplicates)) row\(duplicates == 1 ? " repeats" : "s repeat") the text of an earlier row"
          + (contradictions > 0 ? ", \(grouped(contradictions)) with a different label" : "")
          + ". Copies in the evaluation set make the result look better than it is.")
    }
    if overlap > 0 {
      notes.append(
        "\(grouped(overlap)) text\(overlap == 1 ? "" : "s") of the evaluation file are also in the training file; "
          + "remove them from one of the two.")
    }
    if longTexts > 0 {
      notes.append(
        "\(grouped(longTexts)) text\(longTexts == 1 ? " has" : "s have") more than \(Self.wordsAtDefaultLength) words, which is "
          + "about 256 tokens; longer texts are truncated.")
    }
    if rows < 50 {
      notes.append("\(rows) row\(rows == 1 ? " is" : "s are") few: expect a rough result, and evaluate on new texts.")
    }
    return notes + labelAdvice()
  }

  private func labelAdvice() -> [String] {
    var notes = notesOnSimilarLabels(labels.map(\.name).sorted())
    if let most = labels.first, let least = labels.last, labels.count > 1, most.count >= 4 * least.count {
      let share = 100 * most.count / max(labeledRows, 1)
      notes.append(
        "The labels are imbalanced: \(quoted(most.name)) has \(share) % of the rows, \(quoted(least.name)) only "
          + "\(grouped(least.count)). Look at the F1 of each class, not only at the accuracy.")
    }
    let rare = labels.filter { $0.count < 2 }
    if !rare.isEmpty {
      notes.append(
        "\(LabelNames.text(rare.map(\.name), most: 4)): only one row each, which cannot be held out for evaluation.")
    }
    return notes
  }
}
