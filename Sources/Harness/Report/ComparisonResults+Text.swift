import GraftSupport

extension ComparisonResults {
  /// The results as CSV: one row per method and task, with unformatted numbers.
  package var csv: String {
    let names = tasks.flatMap(\.metrics).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let head =
      ["task", "label", "method", "runs", "trainable_parameters", "total_parameters", "adapter_bytes"]
      + names.flatMap { [inCSV($0), inCSV("\($0)_deviation")] } + [
        "best_loss", "train_seconds", "train_samples_per_second", "eval_seconds", "peak_memory_bytes",
      ]
    let rows = tasks.flatMap { task in
      task.methods.map { row in
        [
          inCSV(task.task), inCSV(row.label), inCSV(row.method), "\(row.runs)", "\(row.trainableParameters)",
          "\(row.totalParameters)", "\(row.adapterBytes)",
        ]
          + names.flatMap { name -> [String] in
            let spread = row.metrics[name] ?? nil
            return [spread.map { "\($0.mean)" } ?? "", spread?.deviation.map { "\($0)" } ?? ""]
          } + [
            "\(row.bestLoss.mean)", "\(row.trainSeconds)", "\(row.trainSamplesPerSecond)", "\(row.evalSeconds)",
            "\(row.peakMemoryBytes)",
          ]
      }
    }
    return ([head] + rows).map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n"
  }

  /// The tables and findings in GitHub's Markdown.
  package var markdown: String {
    var lines = ["# Comparison on \(inMarkdown(base))", ""]
    lines += ["Seeds: \(seeds.map { "\($0)" }.joined(separator: ", ")).", ""]
    for task in tasks {
      lines += ["## \(inMarkdown(task.title))", ""]
      let train = task.data.trainExamples
      let evaluation = task.data.evalExamples
      lines += ["\(train) training, \(evaluation) evaluation examples: \(inMarkdown(task.data.source)).", ""]
      let cells = Self.table(task).map { $0.map(inMarkdown) }
      lines += ["| \(cells[0].joined(separator: " | ")) |", "|" + cells[0].map { _ in "---|" }.joined()]
      lines += cells.dropFirst().map { "| \($0.joined(separator: " | ")) |" } + [""]
      lines += Self.findings(task).map { "- \(inMarkdown($0))" } + [""]
    }
    let failed = failures.map { "- " + inMarkdown("\($0.label) on \($0.task), seed \($0.seed): \($0.reason)") }
    if !failed.isEmpty { lines += ["## Failed", ""] + failed + [""] }
    lines += [inMarkdown(versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))]
    return lines.joined(separator: "\n") + "\n"
  }
}
