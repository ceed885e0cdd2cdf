public import GraftInference
import GraftSupport

extension LoadedAdapter {
  /// Writes predictions for the task's unlabeled test files in the format of the GLUE website: `index` and `prediction`,
  /// separated by tabs.
  ///
  /// - Parameters:
  ///   - data: The folder with the test files; `nil`: as in training.
  ///   - folder: The output folder, which gets one file per test file, such as `MNLI-m.tsv`.
  ///   - tasks: The tasks that have names.
  /// - Returns: The paths of the written files.
  /// - Throws: ``/GraftHarness/TaskError`` if the task has no test files, or `FileError`.
  public func writeSubmission(data: String? = nil, to folder: String, tasks: TaskRegistry = .builtIn) throws -> [String]
  {
    let task = makeTask(tasks)
    let files = task.files
    guard !files.testSplits.isEmpty else { throw TaskError.noTestFiles(task: task.name) }
    let source = try DataSource.find(files, path: data)
    if try fileExists(folder) {
      let inputs = [file.path] + (try files.testSplits.map { try source.file($0.split, of: files).path })
      for test in files.testSplits { _ = try OutputFile("\(folder)/\(test.submission).tsv", apartFrom: inputs) }
    }
    var outputs: [(path: String, text: String)] = []
    for test in files.testSplits {
      var input = try TextInput(TableReader(path: source.file(test.split, of: files).path), columns: task.columns)
      var text = "index\tprediction\n"
      try predict(&input) { predictions in
        for prediction in predictions { text += "\(prediction.index)\t\(task.objective.written(prediction.logits))\n" }
        return true
      }
      outputs.append(("\(folder)/\(test.submission).tsv", text))
    }
    try makeFolder(folder)
    for (path, text) in outputs { try writeAtomically(text, to: path) }
    return outputs.map(\.path)
  }
}
