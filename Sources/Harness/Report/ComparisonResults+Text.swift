import GraftSupport

extension ComparisonResults {
  /// The results as CSV: one row per method and task, with unformatted numbers; the method of the last row is `baseline`.
  package var csv: String {
    let names = tasks.flatMap(\.metrics).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let head =
      ["task", "label", "method", "runs", "trainable_parameters", "total_parameters", "adapter_bytes"]
      + names.flatMap { [inCSV($0), inCSV("\($0)_deviation")] } + [
        "best_loss", "train_seconds", "train_samples_per_second", "eval_seconds", "peak_memory_bytes",
      ]
    func cells(_ metrics: [String: Spread?]) -> [String] {
      names.flatMap { name -> [String] in
        let spread = metrics[name] ?? nil
        return [spread.map { "\($0.mean)" } ?? "", spread?.deviation.map { "\($0)" } ?? ""]
      }
    }
    let rows = tasks.flatMap { task in
      let baseline = task.baseline
      let methods = task.methods.map { row in
        [
          inCSV(task.task), inCSV(row.label), inCSV(row.method), "\(row.runs)", "\(row.trainableParameters)",
          "\(row.totalParameters)", "\(row.adapterBytes)",
        ]
          + cells(row.metrics) + [
            "\(row.bestLoss.mean)", "\(row.trainSeconds)", "\(row.trainSamplesPerSecond)", "\(row.evalSeconds)",
            "\(row.peakMemoryBytes)",
          ]
      }
      let last =
        [inCSV(task.task), inCSV(baseline.label), "baseline", "", "0", "", ""] + cells(baseline.metrics) + [
          "\(baseline.loss.mean)", "", "", "", "",
        ]
      return methods + [last]
    }
    return ([head] + rows).map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n"
  }

  /// When and where the results were written, the total time of the runs, and the versions.
  var environmentLine: String {
    let versions = versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let minute = date.prefix(16).replacing("T", with: " ")
    let parts = ["Written \(minute) UTC on \(processor)", String(format: "total time of the runs %.0f s", seconds)]
    return (parts + versions).joined(separator: " · ")
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
      lines += [Self.notes(task).map(inMarkdown).joined(separator: " "), ""]
      lines += Self.findings(task).map { "- \(inMarkdown($0))" } + [""]
    }
    let failed = failures.map { "- " + inMarkdown("\($0.label) on \($0.task), seed \($0.seed): \($0.reason)") }
    if !failed.isEmpty { lines += ["## Failed", ""] + failed + [""] }
    lines += [inMarkdown(environmentLine)]
    return lines.joined(separator: "\n") + "\n"
  }
}
