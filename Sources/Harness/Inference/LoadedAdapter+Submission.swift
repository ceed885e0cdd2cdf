import GraftSupport

extension LoadedAdapter {
  /// Answers the task's files without labels, as GLUE's site takes them: `index` and `prediction` between tabs.
  ///
  /// - Parameters:
  ///   - data: The folder with the test files; else as in training.
  ///   - folder: Where the answers go, a file for each test file: `MNLI-m.tsv`.
  /// - Returns: The files that were written.
  /// - Throws: ``TaskError`` when the task has no such files, or `FileError`.
  public func writeSubmission(data: String? = nil, to folder: String) throws -> [String] {
    let task = try file.metadata.makeTask()
    guard !task.testSplits.isEmpty else { throw TaskError.noTestFiles(task: task.name) }
    let source = try DataSource.find(task, path: data)
    if try fileExists(folder) {
      let inputs = [file.path] + (try task.testSplits.map { try source.file($0.split, of: task).path })
      for test in task.testSplits { _ = try OutputFile("\(folder)/\(test.submission).tsv", apartFrom: inputs) }
    }
    var answers: [(path: String, text: String)] = []
    for test in task.testSplits {
      var input = try TextInput(TableReader(path: source.file(test.split, of: task).path), columns: task.columns)
      var text = "index\tprediction\n"
      try predict(&input) { predictions in
        for prediction in predictions { text += "\(prediction.index)\t\(answer(prediction, of: task))\n" }
        return true
      }
      answers.append(("\(folder)/\(test.submission).tsv", text))
    }
    try makeFolder(folder)
    for (path, text) in answers { try writeAtomically(text, to: path) }
    return answers.map(\.path)
  }

  /// As the task's files write it; a number stays within its range.
  private func answer(_ prediction: Prediction, of task: TaskDefinition) -> String {
    guard task.isRegression else { return task.labels[Metric.argmax(prediction.logits)] }
    let range = task.layout.numbers ?? -1e30...1e30
    let number = min(max(Double(prediction.logits[0]), range.lowerBound), range.upperBound)
    return "\((number * 1000).rounded() / 1000)"
  }
}
