import Foundation
import GraftAdapterFiles
import GraftCore
import GraftHarness
import GraftInference
import GraftLoRA
import GraftObjectives
import GraftTestSupport
import Testing

/// Runs each of the nine GLUE tasks on small files with the official columns, and writes predictions for the test files.
struct GLUETests {
  /// The layout of a task's official files.
  struct Files: CustomTestStringConvertible, Sendable {
    let task: String
    let folder: String
    /// The header; empty if there is none.
    let header: String
    /// Returns a training row by its number.
    let row: @Sendable (Int) -> String
    let testHeader: String
    let testRow: @Sendable (Int) -> String
    var dev = ["dev"]
    var test = ["test"]
    var submissions: [String]
    var testDescription: String { task }
  }

  private static func text(_ i: Int) -> String { "the \"film\" is \(i % 2 == 0 ? "good" : "bad") \(i) " }
  private static let natural = ["entailment", "not_entailment"]

  static let all: [Files] = [
    Files(
      task: "cola", folder: "CoLA", header: "", row: { "gj04\t\($0 % 2)\t\($0 % 2 == 0 ? "*" : "")\t\(text($0))" },
      testHeader: "index\tsentence", testRow: { "\($0)\t\(text($0))" }, submissions: ["CoLA"]),
    Files(
      task: "sst2", folder: "SST-2", header: "sentence\tlabel", row: { "\(text($0))\t\($0 % 2)" },
      testHeader: "index\tsentence", testRow: { "\($0)\t\(text($0))" }, submissions: ["SST-2"]),
    Files(
      task: "mrpc", folder: "MRPC", header: "\u{FEFF}Quality\t#1 ID\t#2 ID\t#1 String\t#2 String",
      row: { "\($0 % 2)\t1\t2\t\(text($0))\t\(text(0))" }, testHeader: "index\t#1 ID\t#2 ID\t#1 String\t#2 String",
      testRow: { "\($0)\t1\t2\t\(text($0))\t\(text(0))" }, submissions: ["MRPC"]),
    Files(
      task: "stsb", folder: "STS-B",
      header: "index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\tsentence1\tsentence2\tscore",
      row: { "\($0)\tmain\tf\t2012\t1\tnone\tnone\t\(text($0))\t\(text(0))\t\(Double($0 % 6) * 0.9)" },
      testHeader: "index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\tsentence1\tsentence2",
      testRow: { "\($0)\tmain\tf\t2012\t1\tnone\tnone\t\(text($0))\t\(text(0))" }, submissions: ["STS-B"]),
    Files(
      task: "qqp", folder: "QQP", header: "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate",
      row: { $0 == 3 ? "3\t1\t2\tshort" : "\($0)\t1\t2\t\(text($0))\t\(text(0))\t\($0 % 2)" },
      testHeader: "id\tquestion1\tquestion2", testRow: { "\($0)\t\(text($0))\t\(text(0))" }, submissions: ["QQP"]),
    Files(
      task: "mnli", folder: "MNLI",
      header: "index\tpromptID\tpairID\tgenre\tsentence1_binary_parse\tsentence2_binary_parse\tsentence1_parse"
        + "\tsentence2_parse\tsentence1\tsentence2\tlabel1\tgold_label",
      row: {
        let label = $0 == 5 ? "-" : ["neutral", "entailment", "contradiction"][$0 % 3]
        return "\($0)\t1\t2\tfiction\t(\t(\t(\t(\t\(text($0))\t\(text(0))\tneutral\t\(label)"
      },
      testHeader: "index\tpromptID\tpairID\tgenre\ta\tb\tc\td\tsentence1\tsentence2",
      testRow: { "\($0)\t1\t2\tfiction\t(\t(\t(\t(\t\(text($0))\t\(text(0))" }, dev: ["dev_matched", "dev_mismatched"],
      test: ["test_matched", "test_mismatched"], submissions: ["MNLI-m", "MNLI-mm"]),
    Files(
      task: "qnli", folder: "QNLI", header: "index\tquestion\tsentence\tlabel",
      row: { "\($0)\t\(text($0))\t\(text(0))\t\(natural[$0 % 2])" }, testHeader: "index\tquestion\tsentence",
      testRow: { "\($0)\t\(text($0))\t\(text(0))" }, submissions: ["QNLI"]),
    Files(
      task: "rte", folder: "RTE", header: "index\tsentence1\tsentence2\tlabel",
      row: { "\($0)\t\(text($0))\t\(text(0))\t\(natural[$0 % 2])" }, testHeader: "index\tsentence1\tsentence2",
      testRow: { "\($0)\t\(text($0))\t\(text(0))" }, submissions: ["RTE"]),
    Files(
      task: "wnli", folder: "WNLI", header: "index\tsentence1\tsentence2\tlabel",
      row: { "\($0)\t\(text($0))\t\(text(0))\t\($0 % 2)" }, testHeader: "index\tsentence1\tsentence2",
      testRow: { "\($0)\t\(text($0))\t\(text(0))" }, submissions: ["WNLI"]),
  ]

  private let base: TinyTask
  private let work: TemporaryFolder

  init() throws {
    base = try TinyTask()
    work = try TemporaryFolder()
  }

  private func write(_ files: Files) throws {
    func table(_ header: String, _ rows: Range<Int>, _ row: (Int) -> String) -> String {
      ((header.isEmpty ? [] : [header]) + rows.map(row)).joined(separator: "\n") + "\n"
    }
    try work.write(table(files.header, 0..<24, files.row), to: "\(files.folder)/train.tsv")
    for split in files.dev {
      try work.write(table(files.header, 24..<36, files.row), to: "\(files.folder)/\(split).tsv")
    }
    for split in files.test {
      try work.write(table(files.testHeader, 0..<5, files.testRow), to: "\(files.folder)/\(split).tsv")
    }
  }

  @Test(arguments: all)
  func `a task trains on its official columns and predicts its test files`(files: Files) throws {
    try write(files)
    var methods = MethodRegistry()
    try methods.register(LoRA.self)
    let text = """
      base: \(base.base.folder.path)
      task: \(files.task)
      data: {path: \(work.path)/\(files.folder)}
      method: {name: lora, rank: 2}
      training: {epochs: 1, learning_rate: 1.0e-2, batch_size: 8}
      output: \(work.path)/run
      """
    let configuration = try ConfigurationFile(text: text, path: "x.yaml")
      .decode(ExperimentConfiguration.self, registries: Registries(methods: methods))
    var header: Experiment.Header?
    let summary = try Experiment(configuration, locator: BaseLocator(home: work.file("home"))).run(
      begin: { header = $0 })
    let task = try TaskRegistry.builtIn.task(named: files.task)
    let expected = files.dev.count == 2 ? ["accuracy", "accuracy_mismatched"] : task.objective.metrics.map(\.name)
    #expect(Set(summary.metrics.keys) == Set(expected))
    #expect(summary.mainMetric == task.objective.metrics[0].name)
    let skipped = ["qqp", "mnli"].contains(files.task) ? 1 : 0
    #expect(header?.skipped == skipped && header?.trainExamples == 24 - skipped && header?.evalExamples == 12)

    let adapter = try LoadedAdapter(
      file: work.file("run/adapter.safetensors.zst"), methods: methods, locator: BaseLocator(home: work.file("home")))
    let evaluation = try adapter.evaluate(data: work.file(files.folder))
    #expect(evaluation.metrics[summary.mainMetric] == summary.metrics[summary.mainMetric])
    let written = try adapter.writeSubmission(data: work.file(files.folder), to: work.file("answers"))
    #expect(written == files.submissions.map { "\(work.path)/answers/\($0).tsv" })
    let predictions = try work.read("answers/\(files.submissions[0]).tsv").split(separator: "\n").map {
      $0.split(separator: "\t").map(String.init)
    }
    #expect(predictions.count == 6 && predictions[0] == ["index", "prediction"] && predictions[5][0] == "4")
    for row in predictions.dropFirst() {
      // A prediction can be read as a label.
      _ = try task.objective.target(TargetField(row[1]))
    }
  }

  @Test func `regression on your own data learns the target`() throws {
    let lines = (0..<60).map {
      "{\"text\": \"the film is \($0 % 2 == 0 ? "good" : "bad")\", \"stars\": \($0 % 2 * -4)}"
    }
    try work.write(lines.joined(separator: "\n"), to: "stars.jsonl")
    var methods = MethodRegistry()
    try methods.register(LoRA.self)
    let text = """
      base: \(base.base.folder.path)
      task: custom
      data: {path: \(work.path)/stars.jsonl, label: stars, regression: true}
      method: {name: lora, rank: 2}
      training: {epochs: 20, learning_rate: 2.0e-2, batch_size: 8}
      output: \(work.path)/run
      """
    let configuration = try ConfigurationFile(text: text, path: "x.yaml")
      .decode(ExperimentConfiguration.self, registries: Registries(methods: methods))
    let locator = BaseLocator(home: work.file("home"))
    let summary = try Experiment(configuration, locator: locator).run()
    #expect((summary.metrics["pearson"] ?? nil) ?? 0 > 0.9)
    let adapter = try LoadedAdapter(
      file: work.file("run/adapter.safetensors.zst"), methods: methods, locator: locator)
    let prediction = try adapter.predict("the film is bad")
    #expect(abs(prediction.logits[0] + 4) < 1 && prediction.probabilities.isEmpty)
    try work.write("{\"text\": \"a\", \"stars\": \"many\"}\n", to: "stars.jsonl")
    let error = #expect(throws: TaskError.self) { try Experiment(configuration, locator: locator).run() }
    #expect(error?.description.contains("stars.jsonl:1: 'many' is not a number; the objective is regression") == true)
  }
}
