public import GraftInference
import GraftSupport

extension LoadedAdapter {
  /// Writes predictions for the task's unlabeled test files in the format of the GLUE website: `index` and `prediction`,
  /// separated by tabs.
  ///
  /// - Parameters:
  ///   - data: The folder with the test files; `nil`: as in training.
  ///   - folder: The output folder, which gets one file per test file, such as `MNLI-m.tsv`.
  /// - Returns: The paths of the written files.
  /// - Throws: ``TaskError`` if the task has no test files, or `FileError`.
  public func writeSubmission(data: String? = nil, to folder: String) throws -> [String] {
    let task = file.metadata.makeTask()
    guard !task.testSplits.isEmpty else { throw TaskError.noTestFiles(task: task.name) }
    let source = try DataSource.find(task, path: data)
    if try fileExists(folder) {
      let inputs = [file.path] + (try task.testSplits.map { try source.file($0.split, of: task).path })
      for test in task.testSplits { _ = try OutputFile("\(folder)/\(test.submission).tsv", apartFrom: inputs) }
    }
    var outputs: [(path: String, text: String)] = []
    for test in task.testSplits {
      var input = try TextInput(TableReader(path: source.file(test.split, of: task).path), columns: task.columns)
      var text = "index\tprediction\n"
      try predict(&input) { predictions in
        for prediction in predictions { text += "\(prediction.index)\t\(submissionLabel(prediction, of: task))\n" }
        return true
      }
      outputs.append(("\(folder)/\(test.submission).tsv", text))
    }
    try makeFolder(folder)
    for (path, text) in outputs { try writeAtomically(text, to: path) }
    return outputs.map(\.path)
  }

  /// The prediction as the task's files write it; a regression output is clamped to the task's range.
  private func submissionLabel(_ prediction: Prediction, of task: TaskDefinition) -> String {
    guard task.isRegression else { return task.labels[argmax(prediction.logits)] }
    let range = task.layout.numbers ?? -1e30...1e30
    let number = min(max(Double(prediction.logits[0]), range.lowerBound), range.upperBound)
    return "\((number * 1000).rounded() / 1000)"
  }
}
