import GraftSupport

extension DataSource {
  /// Returns a note that lists a folder's unused files; `nil` if there are none. If one of them has the name of an evaluation
  /// file but an unsupported format, the note explains why it is unused.
  public static func note(unusedFiles: [String]) -> String? {
    guard !unusedFiles.isEmpty else { return nil }
    let note = "Not used: \(listed(unusedFiles))."
    let evaluationFile = unusedFiles.first { name in
      SplitFiles.evaluation.contains { name.lowercased().hasPrefix("\($0).") } && ForeignFormat.of(name) != nil
    }
    guard let evaluationFile, let kind = ForeignFormat.of(evaluationFile) else { return note }
    return note + " \(quoted(evaluationFile)) is \(kind.advice)."
  }
}

/// Returns notes about labels that are different but may have been meant as one.
func notesOnSimilarLabels(_ labels: [String]) -> [String] {
  let groups = Dictionary(grouping: labels, by: normalized).values.filter { $0.count > 1 }
    .sorted { ($0.first ?? "") < ($1.first ?? "") }
  let limit = 4
  let sentences = groups.prefix(limit).map {
    "Labels \(listed($0)) differ only in case, white space, or number format; they are different labels."
  }
  return sentences + (groups.count > limit ? ["There are \(groups.count - limit) more groups of such labels."] : [])
}

/// Returns a label without differences in case, white space, and number format.
private func normalized(_ label: String) -> String {
  let text = label.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
  return Double(text).map { "\($0)" } ?? text
}
