public import GraftInference
import GraftSupport

/// A file of predictions: CSV or TSV with a header, or JSON Lines.
///
/// The columns are `index`, `text`, `text_pair` (for pairs), `gold` (if the input has labels), `label`, and `probability` (if the
/// objective has one).
public struct PredictionFile {
  private let output: OutputFile
  private let format: TableFormat

  /// Checks a path.
  ///
  /// - Parameters:
  ///   - path: The file, whose extension determines the format.
  ///   - inputs: The files that the command reads.
  /// - Throws: `FileError` when no file can be written there, or for another extension.
  public init(_ path: String, apartFrom inputs: [String]) throws {
    guard let format = TableFormat.of(path), [.csv, .tsv, .jsonl].contains(format) else {
      throw FileError(
        "cannot write", path,
        reason: "its name does not tell the format; expected one that ends in .csv, .tsv, or .jsonl")
    }
    self.format = format
    output = try OutputFile(path, apartFrom: inputs)
  }

  /// Writes the predictions for all texts of an input.
  ///
  /// - Returns: The number of texts.
  /// - Throws: `FileError`, or the errors of the input; no file is written then.
  public func write(_ adapter: LoadedAdapter, _ input: inout TextInput, tasks: TaskRegistry = .builtIn) throws -> Int {
    var count = 0
    try output.write { append in
      let header = Columns(pairs: input.isPair, gold: input.hasLabels, probability: Self.hasProbability(adapter))
      if format != .jsonl { try append(Array((line(header.names) + "\n").utf8)) }
      try adapter.predict(&input, tasks: tasks) { predictions in
        count += predictions.count
        for prediction in predictions {
          let text = format == .jsonl ? try prediction.json() : line(header.values(prediction))
          try append(Array((text + "\n").utf8))
        }
        return true
      }
    }
    return count
  }

  private static func hasProbability(_ adapter: LoadedAdapter) -> Bool {
    let objective = adapter.objective
    return objective.answer([Float](repeating: 0, count: objective.outputCount)).probability != nil
  }

  private func line(_ fields: [String]) -> String {
    format == .csv
      ? fields.map { csvField($0) }.joined(separator: ",") : fields.map(Self.tsvField).joined(separator: "\t")
  }

  /// Returns a text without tabs and line ends, which a field of TSV cannot contain.
  private static func tsvField(_ text: String) -> String {
    let breaks: Set<Unicode.Scalar> = ["\t", "\n", "\r", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}"]
    var field = ""
    for scalar in text.unicodeScalars { field.unicodeScalars.append(breaks.contains(scalar) ? " " : scalar) }
    return field
  }

  /// The columns of a table of predictions.
  private struct Columns {
    let pairs: Bool
    let gold: Bool
    let probability: Bool

    var names: [String] {
      ["index", "text"] + (pairs ? ["text_pair"] : []) + (gold ? ["gold"] : []) + ["label"]
        + (probability ? ["probability"] : [])
    }

    /// Returns labels as a list that can be read as a label column.
    private static func list(_ labels: [String]) -> String {
      (try? snakeCaseJSON(labels, pretty: false)) ?? "[]"
    }

    func values(_ prediction: LoadedAdapter.Prediction) -> [String] {
      let gold = prediction.gold.map { $0.list.map(Self.list) ?? $0.text ?? "" } ?? ""
      // An objective whose answers are lists has no single label.
      let label = prediction.answer.json["label"] == nil ? Self.list(prediction.labels) : prediction.label
      return ["\(prediction.index)", prediction.text] + (pairs ? [prediction.textPair ?? ""] : [])
        + (self.gold ? [gold] : []) + [label]
        + (probability ? [prediction.probability.map { "\($0)" } ?? ""] : [])
    }
  }
}
