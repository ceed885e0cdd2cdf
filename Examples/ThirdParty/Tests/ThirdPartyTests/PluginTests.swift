import Foundation
import Graft
import Testing
import ThirdParty

/// An encoder, an objective, and a task of another package work like the built-in ones.
struct PluginTests {
  private let work: Workspace
  private var registries = Registries.builtIn

  init() throws {
    work = try Workspace()
    try registries.families.register(ERNIE.self)
    try registries.objectives.register(OrdinalRegression.self)
    try registries.tasks.register(.agNews)
  }

  /// Returns a small BERT whose files say that it is an ERNIE, which has the same parts.
  private func ernie() throws -> String {
    let folder = try work.base("bert")
    var config = try String(contentsOfFile: "\(folder)/config.json", encoding: .utf8)
    config = config.replacingOccurrences(of: "\"model_type\": \"bert\"", with: "\"model_type\": \"ernie\"")
    try config.replacingOccurrences(of: "BertFor", with: "ErnieFor").write(
      toFile: "\(folder)/config.json", atomically: true, encoding: .utf8)
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/model.safetensors"))
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = String(decoding: data[8..<8 + length], as: UTF8.self).replacingOccurrences(
      of: "\"bert.", with: "\"ernie.")
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    var content = withUnsafeBytes(of: UInt64(padded.utf8.count).littleEndian) { Data($0) }
    content += Data(padded.utf8) + data[(8 + length)...]
    try content.write(to: URL(fileURLWithPath: "\(folder)/model.safetensors"))
    return folder
  }

  private func logits(_ model: SequenceClassifier) throws -> [[Float]] {
    let items = [5, 1, 17].map { length in
      SequenceClassifier.BatchItem(
        ids: (0..<length).map { Int32($0 * 7 % 96) }, typeIDs: Array(repeating: 0, count: length), adapters: [])
    }
    return try model.logits(of: items, workers: Workers(count: 1))
  }

  private func train(_ task: String, objective: String? = nil, data: String, base: String) throws -> RunSummary {
    var configuration = ExperimentConfiguration(method: LoRA(.init()), task: task, output: work.path("run"))
    configuration.base = base
    configuration.objective = objective
    configuration.data.path = data
    configuration.training.maxSteps = 4
    configuration.training.batchSize = 4
    configuration.registries = registries
    return try Experiment(configuration, locator: work.locator).run()
  }

  @Test func `an encoder of another package computes the logits of its parts`() throws {
    let folder = try ernie()
    let model = try SequenceClassifier(folder: folder, classes: 3, seed: 0, families: registries.families)
    #expect(model.family is ERNIE && model.initialized.isEmpty)
    let bert = try SequenceClassifier(folder: "\(Workspace.bases.path)/bert", classes: 3, seed: 0)
    #expect(try logits(model) == logits(bert))
    let error = #expect(throws: TransformerError.self) { try SequenceClassifier(folder: folder, classes: 3, seed: 0) }
    #expect("\(try #require(error))".contains("bert, distilbert, roberta, mpnet"))
    #expect(throws: RegistryError.duplicate("ernie", kind: "encoder family")) {
      var families = registries.families
      try families.register(ERNIE.self)
    }
  }

  @Test func `an objective of another package is trained, saved, and loaded`() throws {
    let rows = (0..<24).map { "{\"text\": \"letter \(["a", "b", "c"][$0 % 3])\", \"label\": \"\($0 % 3 + 1)\"}" }
    try rows.joined(separator: "\n").write(toFile: work.path("stars.jsonl"), atomically: true, encoding: .utf8)
    let summary = try train("custom", objective: "ordinal", data: work.path("stars.jsonl"), base: ernie())
    #expect(summary.mainMetric == "negative_mean_absolute_error" && summary.metrics.count == 2)
    #expect(summary.baseline?.name == "median" && summary.baseline?.metrics.keys == summary.metrics.keys)

    let base = try PretrainedBase(work.path("bert"), locator: work.locator, families: registries.families)
    let file = work.path("run/adapter.safetensors.zst")
    let loaded = try LoadedAdapter(file: file, on: base, objectives: registries.objectives)
    #expect(loaded.objective is OrdinalRegression && loaded.labels == ["1", "2", "3"])
    let prediction = try loaded.predict("letter a")
    #expect(prediction.logits.count == 2 && ["1", "2", "3"].contains(prediction.label))
    #expect(try prediction.json().contains("\"label\":\"\(prediction.label)\""))
    #expect(try loaded.evaluate(data: work.path("stars.jsonl")).mainMetric == summary.mainMetric)

    let error = #expect(throws: AdapterFileError.self) { try LoadedAdapter(file: file, on: base, as: "b") }
    #expect("\(try #require(error))".contains("no objective named 'ordinal' is registered in this program"))
    #expect(base.model.adaptable.adapters.map(\.id) == [loaded.id])
  }

  @Test func `the baseline of ordinal regression is the median class, and its details have every class`() {
    let objective = OrdinalRegression(labelNames: ["1", "2", "3"])
    let baseline = objective.baseline([0, 1, 2, 2, 1].map(Target.label))
    #expect(objective.answer(baseline.outputs).text == "2")
    let details = objective.details([[-1, -1], [1, 1], [1, -1]], [0, 1, 1].map(Target.label))
    #expect(details.classes.map(\.support) == [1, 2, 0] && details.classes[1].recall == 0.5)
    #expect(details.confusions.map(\.predicted) == [0, 1, 2])
  }

  @Test func `a task of another package is found by its name`() throws {
    let rows = (0..<16).map { "news \($0)\t\($0 % 4 + 1)\n" }.joined()
    try FileManager.default.createDirectory(atPath: work.path("data"), withIntermediateDirectories: true)
    for split in ["train", "dev"] {
      try ("text\tlabel\n" + rows).write(toFile: work.path("data/\(split).tsv"), atomically: true, encoding: .utf8)
    }
    let summary = try train("ag_news", data: work.path("data"), base: work.base("distilbert"))
    #expect(summary.task == "ag_news" && summary.data.evalExamples == 16)
    let file = try ConfigurationFile(text: "task: ag_news\nmethod: {name: lora}\n", path: "c.yaml")
    #expect(try file.decode(ExperimentConfiguration.self, registries: registries).task == "ag_news")
    #expect(throws: ConfigurationError.self) { try file.decode(ExperimentConfiguration.self) }
  }
}
