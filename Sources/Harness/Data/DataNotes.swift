import GraftSupport

extension DataSource {
  /// A sentence that names the files of a folder that nothing reads; `nil` when there are none. Of one that is called as those
  /// to evaluate on, it says why.
  public static func note(unusedFiles: [String]) -> String? {
    guard !unusedFiles.isEmpty else { return nil }
    let note = "Not used: \(listed(unusedFiles))."
    let meant = unusedFiles.first { name in
      SplitFiles.evaluation.contains { name.lowercased().hasPrefix("\($0).") } && ForeignFormat.of(name) != nil
    }
    guard let meant, let kind = ForeignFormat.of(meant) else { return note }
    return note + " \(quoted(meant)) is \(kind.advice)."
  }
}

/// Sentences about labels that are different classes, though people may have meant one.
func alikeLabels(_ labels: [String]) -> [String] {
  let groups = Dictionary(grouping: labels, by: essence).values.filter { $0.count > 1 }
    .sorted { ($0.first ?? "") < ($1.first ?? "") }
  let limit = 4
  let sentences = groups.prefix(limit).map {
    "Labels \(listed($0)) differ only in case, white space, or how a number is written; they are different classes."
  }
  return sentences + (groups.count > limit ? ["There are \(groups.count - limit) more groups of such labels."] : [])
}

/// What is left of a label without case, white space, and the notation of numbers.
private func essence(_ label: String) -> String {
  let bare = label.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
  return Double(bare).map { "\($0)" } ?? bare
}
